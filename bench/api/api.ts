import { startServers } from '../../tests/servers.ts'
import type { Bench, Row } from '../report.ts'
import { measureJobList } from './job-list.ts'
import { measurePolling } from './polling.ts'
import { measureSubmits } from './submits.ts'

export const apiFlags = ['only', 'rounds', 'profile'] as const

const ROUNDS = 5

/**
 * Measures how long polling takes while jobs run (polling.ts), how many submissions per second the API accepts
 * (submits.ts), and the administrator's list of a million jobs (job-list.ts). `--only` selects one of them.
 */
export const benchApi: Bench = async ({ print, flags }) => {
  const { only, profile } = flags
  if (only !== undefined && !['polling', 'submits', 'list'].includes(only)) {
    throw new Error('--only must be polling, submits or list.')
  }
  const rounds = Number(flags.rounds ?? ROUNDS)
  const stopServers = await startServers()
  try {
    const tables: Record<string, readonly Row[]> = {}
    if (only === undefined || only === 'polling')
      tables['Polling while jobs run'] = await measurePolling({ print })
    if (only === undefined || only === 'submits')
      tables['Submissions on servers, compared with express, one insert and one enqueue'] =
        await measureSubmits({
          print,
          rounds,
          profile,
        })
    if (only === undefined || only === 'list')
      tables['First page of a million jobs, on PostgreSQL'] = await measureJobList({ print, rounds })
    const [rows = [], ...others] = Object.values(tables)
    const more = Object.fromEntries(Object.entries(tables).slice(1))
    return { name: 'api', rows, more: others.length === 0 ? {} : more }
  } finally {
    await stopServers()
  }
}
