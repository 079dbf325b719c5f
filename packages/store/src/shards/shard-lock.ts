import type { Database } from '../database.ts'

/** Key of the advisory lock that lets one process at a time move and remove copies: "Shar" in ASCII. */
const LOCK_KEY = 0x53686172

/** Runs `work` unless another process does such work at the moment; null then. */
export async function withShardLock<T>(db: Database, work: () => Promise<T>): Promise<T | null> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      LOCK_KEY,
    ])
    if (rows[0]?.locked !== true) return null
    try {
      return await work()
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch((error: Error) => {
        // Ending the client releases the lock.
        broken = error
      })
    }
  } finally {
    client.release(broken)
  }
}
