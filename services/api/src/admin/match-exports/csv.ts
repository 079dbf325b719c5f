import type { RouteAnswer } from '@kinoprint/contract'
import { csvOf } from '@kinoprint/core'

type Match = RouteAnswer<'listMatches'>['items'][number]

const COLUMNS = [
  ...[
    'match',
    'library',
    'query',
    'reference',
    'queryStart',
    'queryEnd',
    'refStart',
    'refEnd',
    'score',
    'kind',
  ],
  ...['speed', 'mirrored', 'turn', 'reversed', 'ignored', 'state', 'reason', 'by', 'at', 'note'],
]

/** Matches as CSV (RFC 4180): one row per passage that is not weak. `ignored` is the id of an ignored passage. */
export function matchesCsv(matches: readonly Match[]): string {
  const rows = matches.flatMap(({ matchId, library, query, reference, passages, state, decision }) =>
    passages
      .filter(({ weak }) => !weak)
      .map(({ queryStart, queryEnd, refStart, refEnd, score, ...passage }) => [
        ...[matchId, library.name ?? library.dnaDbId, query.object, reference.object],
        ...[queryStart, queryEnd, refStart, refEnd, score, passage.kind, passage.speed],
        ...[passage.mirrored, passage.turn, passage.reversed, passage.ignored],
        ...[state, decision?.reason, decision?.by, decision?.at, decision?.note],
      ]),
  )
  return csvOf([COLUMNS, ...rows])
}
