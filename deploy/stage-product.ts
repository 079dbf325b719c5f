/** What the npm package and the container image have in common: the built workspaces, without what only builds need. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Manifest = {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))
export const PROGRAM = 'services/cli'
const CONSOLE = 'services/console'

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
}

/** The folders of the workspaces that the program imports. */
export function libraryFolders(): string[] {
  return ['packages', 'services']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => folder !== PROGRAM && folder !== CONSOLE)
}

/** Copies what a built workspace needs at run time. Sources, types, source maps and tests stay here. */
function copyWorkspace(folder: string, target: string): void {
  const built = join(root, folder, 'dist')
  if (!existsSync(built)) throw new Error(`${folder} is not built. Run: npm run build`)
  const isNeeded = (path: string): boolean => !/\.(d\.ts|map|tsbuildinfo)$/.test(path)
  cpSync(built, join(target, 'dist'), { recursive: true, filter: isNeeded })
  cpSync(join(root, folder, 'package.json'), join(target, 'package.json'))
  if (existsSync(join(root, folder, 'bin')))
    cpSync(join(root, folder, 'bin'), join(target, 'bin'), { recursive: true })
}

/**
 * Copies the built product to `stage`. Programs look up services/cli, the console and the migrations by their path in the
 * repository. The other workspaces go to node_modules.
 */
export function stageProduct(stage: string): void {
  for (const folder of [PROGRAM, CONSOLE]) copyWorkspace(folder, join(stage, folder))
  for (const folder of libraryFolders())
    copyWorkspace(folder, join(stage, 'node_modules', readManifest(folder).name))
  cpSync(join(root, 'migrations'), join(stage, 'migrations'), { recursive: true })
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
}
