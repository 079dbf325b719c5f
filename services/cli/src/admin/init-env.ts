import { randomBytes } from 'node:crypto'
import { open, rm, stat } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { newFirstKey, newToken } from '@kinoprint/runtime'

const hex = (bytes: number): string => randomBytes(bytes).toString('hex')

/** Letters and digits only: the passwords become part of URLs in docker-compose.yml. */
const envText = (
  { secretId, secretKey } = newFirstKey(),
): string => `# Secrets of this installation, made by: kinoprint admin init
# Keep this file: without ENCRYPTION_KEY the API secrets in the database cannot be read any more.
POSTGRES_PASSWORD=${hex(24)}
REDIS_PASSWORD=${hex(24)}
ADMIN_TOKEN=${newToken()}
# The first API key, which may do everything.
SECRET_ID=${secretId}
SECRET_KEY=${secretKey}
ENCRYPTION_KEY=${hex(32)}

# Where docker compose offers the API: this machine alone. 0.0.0.0 lets other machines in.
KINOPRINT_BIND=127.0.0.1
KINOPRINT_PORT=8080
LOG_LEVEL=info
# Zone of the times in answers.
TZ=UTC
`

/**
 * Writes the file that docker compose reads its secrets from, for the owner alone (mode 600). An existing file is
 * left alone unless `force` is set: its passwords are those that the databases were made with.
 */
export const initEnv = async ({ path, force }: { path: string; force: boolean }): Promise<void> => {
  const older = await stat(path).catch(() => null)
  if (older?.isDirectory()) throw new Fault('InvalidArgument', `${path} is a folder. Name a file in it.`)
  if (force) await rm(path, { force: true })
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(envText())
    await file.close()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new Fault(
      'Conflict',
      `${path} exists already and holds the secrets of an installation. Use --force to replace it.`,
      { cause },
    )
  }
}
