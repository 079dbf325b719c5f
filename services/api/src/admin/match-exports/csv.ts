import type { RouteAnswer } from '@kinoprint/contract'

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
  ...['speed', 'mirrored', 'turn', 'reversed', 'state', 'reason', 'by', 'at', 'note'],
]

/** Matches as CSV (RFC 4180): one row per passage that is not weak. */
export function matchesCsv(matches: readonly Match[]): string {
  const rows = matches.flatMap(({ matchId, library, query, reference, passages, state, decision }) =>
    passages
      .filter(({ weak }) => !weak)
      .map(({ queryStart, queryEnd, refStart, refEnd, score, kind, speed, mirrored, turn, reversed }) => [
        ...[matchId, library.name ?? library.dnaDbId, query.object, reference.object],
        ...[queryStart, queryEnd, refStart, refEnd, score, kind, speed, mirrored, turn, reversed],
        ...[state, decision?.reason, decision?.by, decision?.at, decision?.note],
      ]),
  )
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/**
 * A cell. Text that spreadsheets would read as a formula begins with an apostrophe, as OWASP recommends: object names
 * and notes come from others.
 */
function cell(value: string | number | boolean | null | undefined): string {
  if (typeof value !== 'string') return String(value ?? '')
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe
}
