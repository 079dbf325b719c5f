import startServers from '../../tests/servers.ts'
import type { Bench } from '../report.ts'
import { measurePolling } from './polling.ts'
import { measureSubmits } from './submits.ts'

export const apiFlags = ['only', 'rounds', 'profile'] as const

const ROUNDS = 5

/**
 * Measures how long polling takes while jobs run (polling.ts) and how many submissions per second the API accepts
 * (submits.ts). `--only` selects one of the two.
 */
export const benchApi: Bench = async ({ print, flags }) => {
  const { only, profile } = flags
  if (only !== undefined && only !== 'polling' && only !== 'submits') {
    throw new Error('--only must be polling or submits.')
  }
  const rounds = Number(flags.rounds ?? ROUNDS)
  const stopServers = await startServers()
  try {
    const polling = only === 'submits' ? [] : await measurePolling({ print })
    const submits = only === 'polling' ? [] : await measureSubmits({ print, rounds, profile })
    if (polling.length === 0) return { name: 'api', rows: submits }
    const more = { 'Submissions on servers, compared with express, one insert and one enqueue': submits }
    return { name: 'api', rows: polling, more: submits.length === 0 ? {} : more }
  } finally {
    await stopServers()
  }
}
