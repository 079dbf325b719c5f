import type { RouteAnswer } from '@kinoprint/contract'

type JobResult = NonNullable<RouteAnswer<'getJob'>['result']>
export type Detection = JobResult['detections'][number]
type Span = { readonly start: number; readonly end: number }

/** The parts of the query that some detection covers, in seconds of the query, in order and without overlaps. */
function coveredSpans(detections: readonly Detection[]): readonly Span[] {
  const spans = detections
    .flatMap(({ segments }) => segments)
    .filter(({ weak }) => !weak)
    .map(({ queryStart, queryEnd }) => ({ start: queryStart, end: queryEnd }))
    .sort((a, b) => a.start - b.start)
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last === undefined || span.start > last.end) joined.push(span)
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) }
  }
  return joined
}

/** The parts of the query of at least `leastSeconds` that no detection covers: no source is known for them. */
export function unknownSpans(
  detections: readonly Detection[],
  durationSeconds: number,
  leastSeconds = 2,
): readonly Span[] {
  const gaps: Span[] = []
  let end = 0
  for (const span of [...coveredSpans(detections), { start: durationSeconds, end: durationSeconds }]) {
    if (span.start - end >= leastSeconds) gaps.push({ start: end, end: span.start })
    end = Math.max(end, span.end)
  }
  return gaps
}

/** The seconds of the query that a detection covers. */
export function coveredSeconds(detection: Detection): number {
  return coveredSpans([detection]).reduce((sum, { start, end }) => sum + end - start, 0)
}
