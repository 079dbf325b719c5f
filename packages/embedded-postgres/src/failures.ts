import { statfs } from 'node:fs/promises'
import { errorText, Fault } from '@kinoprint/core'

/** Two segments of PostgreSQL's log of 16 MiB each, which PostgreSQL needs to start after a crash. */
const START_SPACE_MIB = 32
/** SQLSTATE cannot_connect_now, which clients interpret as a temporary outage. */
const CANNOT_CONNECT_NOW = '57P03'
const DISK_FULL = /No space left on device/i

/** Whether the disk of a folder has enough space to start PostgreSQL. True if the file system does not report it. */
export async function hasDiskSpace(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => null)
  return disk === null || disk.bavail * disk.bsize >= START_SPACE_MIB * 1024 * 1024
}

/** Why the first start failed. PGlite does not report failed writes, so the disk is checked here. */
export async function startFailure(dataDir: string, error: unknown): Promise<unknown> {
  if ((error instanceof Fault && error.code === 'Conflict') || (await hasDiskSpace(dataDir))) return error
  return new Fault(
    'ServiceUnavailable',
    `The embedded database did not start: the disk of ${dataDir} is full. Free ${START_SPACE_MIB} MB and start again.`,
    { cause: error },
  )
}

/** The error that clients get while the server is down. */
export function stoppedError(dataDir: string, cause: unknown): Error {
  const reason = errorText(cause).replace(/\.$/, '')
  const remedy = DISK_FULL.test(reason)
    ? `Free disk space at ${dataDir}; it restarts when there is enough.`
    : 'It is restarting.'
  return Object.assign(new Error(`The embedded database stopped: ${reason}. ${remedy}`, { cause }), {
    code: CANNOT_CONNECT_NOW,
  })
}
