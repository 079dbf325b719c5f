import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from './start-embedded-postgres.ts'

export type TestServer = { readonly pool: pg.Pool; readonly close: () => Promise<void> }

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kinoprint-postgres-'))
}

/** A server on the given data folder, with a pool of ordinary clients. */
export async function startTestServer(
  dataDir: string,
  onFailure: (error: Error) => void = () => {},
): Promise<TestServer> {
  const server = await startEmbeddedPostgres({ dataDir, onProgress: () => {}, onFailure })
  const pool = new pg.Pool({ stream: server.connect, idleTimeoutMillis: 0 })
  // Without listeners, a connection that breaks would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return {
    pool,
    close: async () => {
      await pool.end()
      await server.close()
    },
  }
}
