import type { Database } from '@kinoprint/store'
import { cpuSecondsOf } from '../ingest/process-cost.ts'

/** CPU milliseconds that the server's backends have used for these clients. The server runs on this machine. */
export async function databaseCpuMs({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'kinoprint'",
  )
  return rows.reduce((sum, { pid }) => sum + 1000 * cpuSecondsOf(pid), 0)
}

/** CPU milliseconds of this process and its threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
