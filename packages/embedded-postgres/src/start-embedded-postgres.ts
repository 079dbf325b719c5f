import { mkdir } from 'node:fs/promises'
import { startFailure } from './failures.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { startRestartingServer } from './restarting-server.ts'
import type { Server, ServerOptions } from './start-server.ts'

/**
 * Starts PostgreSQL with pgvector inside this process, on the database of a data folder. The first start creates the
 * folder and an empty database. The server runs until `close()`, which also releases the folder.
 *
 * Throws Fault Conflict if this or another process already has the folder open, and ServiceUnavailable if the database
 * cannot be opened or the disk is full.
 *
 * @example
 * const server = await startEmbeddedPostgres({ dataDir: './data', onProgress: console.log, onFailure: console.error })
 * const pool = new pg.Pool({ stream: server.connect })
 */
export async function startEmbeddedPostgres(options: ServerOptions): Promise<Server> {
  const { dataDir } = options
  await mkdir(dataDir, { recursive: true })
  let lock: FolderLock | undefined
  try {
    lock = await lockFolder(dataDir)
    const { release } = lock
    const server = await startRestartingServer(options)
    return {
      connect: server.connect,
      close: async () => {
        await server.close()
        await release()
      },
    }
  } catch (error) {
    await lock?.release()
    throw await startFailure(dataDir, error)
  }
}
