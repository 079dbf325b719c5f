import { readFileSync } from 'node:fs'
import type { Database } from '@kinoprint/store'

/** Milliseconds of a tick in /proc: Linux always shows a hundred a second. */
const TICK_MS = 10

/** CPU milliseconds that the server's processes have taken for our clients so far. The server runs on this machine. */
export async function databaseCpuMs({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'kinoprint'",
  )
  return rows.reduce((sum, { pid }) => sum + cpuMsOf(pid), 0)
}

function cpuMsOf(pid: number): number {
  // The second field is the program's name in brackets, which may hold blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** CPU milliseconds of this process with all its threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
