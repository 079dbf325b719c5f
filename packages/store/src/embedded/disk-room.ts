import { statfs } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'

/** Two segments of PostgreSQL's log (16 MiB each): what it needs to start after a crash. */
const ROOM_MIB = 32

/** Whether the disk of a folder has room for the embedded database to start. True where the system does not say. */
export const hasRoom = async (folder: string): Promise<boolean> => {
  const disk = await statfs(folder).catch(() => null)
  return disk === null || disk.bavail * disk.bsize >= ROOM_MIB * 1024 * 1024
}

/** Why the database of a folder did not start: PGlite does not say when it could not write. */
export const startFailure = async (dataDir: string, error: unknown): Promise<unknown> => {
  if ((error instanceof Fault && error.code === 'Conflict') || (await hasRoom(dataDir))) return error
  return new Fault(
    'ServiceUnavailable',
    `The embedded database does not start: the disk of ${dataDir} is full. Free ${ROOM_MIB} MB of it and start again.`,
    { cause: error },
  )
}
