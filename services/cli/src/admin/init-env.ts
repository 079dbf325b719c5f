import { randomBytes } from 'node:crypto'
import { open, rm, stat } from 'node:fs/promises'
import { errorCode, Fault } from '@kinoprint/core'
import { newFirstKey, newToken } from '@kinoprint/runtime'

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

/** Letters and digits only: docker-compose.yml puts the passwords into URLs. */
function envText(): string {
  const { secretId, secretKey } = newFirstKey()
  return `# Secrets of this installation, made by: kinoprint admin init
# Keep this file: without ENCRYPTION_KEY the API secrets in the database cannot be read.
POSTGRES_PASSWORD=${hex(24)}
REDIS_PASSWORD=${hex(24)}
ADMIN_TOKEN=${newToken()}
# The first API key, which allows everything.
SECRET_ID=${secretId}
SECRET_KEY=${secretKey}
ENCRYPTION_KEY=${hex(32)}

# The address on which docker compose serves the API: this machine only. 0.0.0.0 serves other machines too.
KINOPRINT_BIND=127.0.0.1
KINOPRINT_PORT=8080
LOG_LEVEL=info
# The time zone of times in answers.
TZ=UTC
`
}

/**
 * Writes the file from which docker compose reads its secrets, readable by the owner only (mode 600). An existing file is
 * kept unless `force` is set: the databases were created with its passwords.
 */
export async function initEnv({ path, force }: { path: string; force: boolean }): Promise<void> {
  const older = await stat(path).catch(() => null)
  if (older?.isDirectory()) throw new Fault('InvalidArgument', `${path} is a folder. Name a file in it.`)
  if (force) await rm(path, { force: true })
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(envText())
    await file.close()
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause
    throw new Fault(
      'Conflict',
      `${path} exists and holds the secrets of an installation. Use --force to replace it.`,
      { cause },
    )
  }
}
