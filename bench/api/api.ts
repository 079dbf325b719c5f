import startServers from '../../tests/servers.ts'
import type { Bench } from '../report.ts'
import { measurePolling } from './polling.ts'
import { measureSubmits } from './submits.ts'

export const apiFlags = ['only', 'rounds', 'profile'] as const

const ROUNDS = 5

/**
 * How long polling takes while jobs run (polling.ts), and how many submits a second the API takes (submits.ts);
 * `--only` one of the two.
 */
export const benchApi: Bench = async ({ say, flags }) => {
  const { only, profile } = flags
  if (only !== undefined && only !== 'polling' && only !== 'submits') {
    throw new Error('--only is polling or submits.')
  }
  const rounds = Number(flags.rounds ?? ROUNDS)
  const stopServers = await startServers()
  try {
    const polling = only === 'submits' ? [] : await measurePolling({ say })
    const submits = only === 'polling' ? [] : await measureSubmits({ say, rounds, profile })
    if (polling.length === 0) return { name: 'api', rows: submits }
    const more = { 'Submits on servers, against express with one insert and one enqueue': submits }
    return { name: 'api', rows: polling, more: submits.length === 0 ? {} : more }
  } finally {
    await stopServers()
  }
}
