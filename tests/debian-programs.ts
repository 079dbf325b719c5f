import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the Debian packages that tests/prepare.sh installs keep programs outside the PATH. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql'
/** The actual program, because Debian's wrapper in the PATH writes to system folders. */
const RABBITMQ_PROGRAMS = '/usr/lib/rabbitmq/bin'

/** The folder of initdb and postgres: Debian's newest version, or else the one in the PATH. */
export function postgresPrograms(): string {
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS) : []
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a))
  return firstFolderWith('initdb', [
    ...newestFirst.map((version) => join(POSTGRES_VERSIONS, version, 'bin')),
    ...pathFolders(),
  ])
}

export function rabbitmqServer(): string {
  const folder = firstFolderWith('rabbitmq-server', [RABBITMQ_PROGRAMS, ...pathFolders()])
  return join(folder, 'rabbitmq-server')
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
}

function firstFolderWith(program: string, folders: readonly string[]): string {
  const folder = folders.find((path) => existsSync(join(path, program)))
  if (folder === undefined)
    throw new Error(`${program} is not installed. Run \`npm test\`, which installs what the tests need.`)
  return folder
}
