import type { PairMatch } from '@kinoprint/dna'
import { formatRows, type RowFormat } from '../output/row-format.ts'
import { scanColumns, scanRows } from '../scan/scan-rows.ts'
import type { Verdict } from './verdict.ts'

export type ComparedFile = { readonly name: string; readonly durationSeconds: number }

/**
 * A comparison for programs: the match as one JSON object, or its segments as the rows of `scan`, with the first file as
 * the query.
 */
export function compareRows(
  match: PairMatch,
  { a, b, verdict, format }: { a: ComparedFile; b: ComparedFile; verdict: Verdict; format: RowFormat },
): string {
  if (format === 'json') {
    const durations = { queryDuration: a.durationSeconds, refDuration: b.durationSeconds }
    return `${JSON.stringify({ ...match, verdict, ...durations }, null, 2)}\n`
  }
  const pair = { ...match, videoId: '', object: b.name, durationSeconds: b.durationSeconds }
  return formatRows(scanRows(a, [pair], { minScore: 0 }), { format, columns: scanColumns })
}
