import type { Match } from '../../matching/match.ts'

/** Matches that left the list, with the version that they had then. */
export type Left = ReadonlyMap<string, number>

type Row = Pick<Match, 'matchId' | 'version'>

/**
 * The rows that are shown, as the list has them now. They keep their order. Rows that come after all of them are added
 * at the end, where nothing moves; rows before that wait (`newcomersOf`).
 */
export function mergeRows<T extends Row>(shown: readonly T[], listed: readonly T[]): readonly T[] {
  const fresh = new Map(listed.map((row) => [row.matchId, row]))
  const last = listed.findLastIndex(({ matchId }) => shown.some((row) => row.matchId === matchId))
  return [...shown.map((row) => fresh.get(row.matchId) ?? row), ...listed.slice(last + 1)]
}

/** The rows of the list that are not shown, and that did not leave it: they wait to be shown. */
export function newcomersOf<T extends Row>(
  shown: readonly T[],
  listed: readonly T[],
  left: Left,
): readonly T[] {
  const known = new Set(shown.map(({ matchId }) => matchId))
  return listed.filter(({ matchId }) => !known.has(matchId) && !left.has(matchId))
}
