import { startEarly } from '../api/client.ts'
import { mayHaveSession } from '../api/session.ts'
import { pages } from './pages.tsx'

const MATCH = '/console/matches/:matchId'

/**
 * Loads the script of a page, and the match that it shows, while the session is still being read: one after the other, they
 * make up most of the time until a match can be seen.
 */
export function warmUp(path: string): void {
  if (!mayHaveSession()) return
  const page = pages.find((one) => patternOf(one.path).test(path))
  page?.component.preload().catch(() => undefined)
  const matchId = page?.path === MATCH ? path.split('/').at(-1) : undefined
  if (matchId !== undefined) startEarly('getMatch', { params: { matchId } })
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`)
}
