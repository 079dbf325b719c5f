import type { Passage } from '../matches/passage.ts'

/** A range of a stored video that an ignored passage takes away, in decimal seconds. */
export type IgnoredRange = {
  readonly ignoredId: string
  /** Whether it also applies to the seconds of a query that show it, in all references. */
  readonly everywhere: boolean
  readonly start: number
  readonly end: number
}

/** A reference of one query, with the passages that a search found in it. */
export type MarkedPair = {
  /** The content of the reference. */
  readonly etag: string
  readonly passages: readonly Passage[]
  /** False for a near miss, which does not tell what the query shows. */
  readonly isProven: boolean
}

export type IgnoredRanges = {
  /** By the ETag of a stored video. */
  readonly byEtag: ReadonlyMap<string, readonly IgnoredRange[]>
  /** The content of the query. If it is a stored video too, its ranges apply to the query. */
  readonly queryEtag: string
}

/** What is left of a divided passage counts from this length, in seconds. */
const LEAST_SECONDS = 2
/** Share of a box that an ignored box must cover for its picture to be the same one. */
const SAME_BOX = 0.5

/** Seconds of the query that show something ignored. */
type QueryRange = Pick<IgnoredRange, 'ignoredId' | 'start' | 'end'> & Pick<Passage, 'kind' | 'queryBox'>

/**
 * Divides the passages of all references of a query at the edges of ignored ranges, and marks the parts within them. The
 * marks of an earlier call are replaced. A range that applies everywhere also marks what other references have in the
 * same seconds, picture and sound of the query. Of a divided passage, parts under 2 s are marked too.
 */
export function markIgnored<Pair extends MarkedPair>(
  pairs: readonly Pair[],
  { byEtag, queryEtag }: IgnoredRanges,
): (Omit<Pair, 'passages'> & { readonly passages: readonly Passage[] })[] {
  const whole = pairs.map((pair) => ({ ...pair, passages: withoutMarks(pair.passages) }))
  const inQuery = [
    ...(byEtag.get(queryEtag) ?? [])
      .filter(({ everywhere }) => everywhere)
      .map((range): QueryRange => ({ ...range, kind: 'both', queryBox: null })),
    ...whole.flatMap(({ etag, passages, isProven }) => {
      if (!isProven) return []
      const ranges = (byEtag.get(etag) ?? []).filter(({ everywhere }) => everywhere)
      return passages.filter(({ weak }) => !weak).flatMap((passage) => shownIn(passage, ranges))
    }),
  ]
  return whole.map((pair) => {
    const ranges = byEtag.get(pair.etag) ?? []
    const passages = pair.passages.flatMap((passage) =>
      divided(passage, [
        ...shownIn(passage, ranges),
        ...inQuery.filter((range) => isSameContent(range, passage)),
      ]),
    )
    return { ...pair, passages }
  })
}

/** Joins the parts of divided passages and removes all marks. */
export function withoutMarks(passages: readonly Passage[]): Passage[] {
  const whole = new Map<string, Passage>()
  for (const { ignored: _, cutFrom, ...passage } of passages) {
    const times = cutFrom ?? passage
    whole.set(JSON.stringify([times, passage.kind, passage.queryBox, passage.refBox]), {
      ...passage,
      ...(cutFrom ?? {}),
    })
  }
  return [...whole.values()]
}

/** The seconds of the query in which a passage shows ranges of its reference. */
function shownIn(passage: Passage, ranges: readonly IgnoredRange[]): QueryRange[] {
  const { queryStart, queryEnd, refStart, refEnd, reversed, kind, queryBox } = passage
  const rate = (queryEnd - queryStart) / (refEnd - refStart)
  if (!Number.isFinite(rate)) return []
  const queryAt = (ref: number): number =>
    reversed ? queryEnd - (ref - refStart) * rate : queryStart + (ref - refStart) * rate
  return ranges.flatMap(({ ignoredId, start, end }) => {
    const [from, to] = [Math.max(start, refStart), Math.min(end, refEnd)]
    if (to <= from) return []
    const [a, b] = [queryAt(from), queryAt(to)]
    return [{ ignoredId, kind, queryBox, start: Math.min(a, b), end: Math.max(a, b) }]
  })
}

/** Whether a passage shows, in some seconds of the query, the tracks and the part of the frame that are ignored there. */
function isSameContent(range: QueryRange, { kind, queryBox }: Passage): boolean {
  if (range.kind !== 'both' && range.kind !== kind) return false
  if (kind === 'audio' || range.queryBox === null) return true
  if (queryBox === null) return false
  const width = Math.min(range.queryBox.right, queryBox.right) - Math.max(range.queryBox.left, queryBox.left)
  const height = Math.min(range.queryBox.bottom, queryBox.bottom) - Math.max(range.queryBox.top, queryBox.top)
  const area = (queryBox.right - queryBox.left) * (queryBox.bottom - queryBox.top)
  return width > 0 && height > 0 && width * height >= SAME_BOX * area
}

type Part = { readonly start: number; readonly end: number; readonly ignored: string | null }

function divided(passage: Passage, ranges: readonly QueryRange[]): Passage[] {
  const parts = partsOf(passage, ranges)
  if (parts.every(({ ignored }) => ignored === null)) return [passage]
  const { queryStart, queryEnd, refStart, refEnd } = passage
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return [{ ...passage, ignored: only.ignored }]
  const cutFrom = { queryStart, queryEnd, refStart, refEnd }
  return parts.map(({ start, end, ignored }) => ({
    ...passage,
    ...timesOf(passage, start, end),
    ignored,
    cutFrom,
  }))
}

/** The passage in parts, in the order of the query. What is too short to count belongs to what is ignored beside it. */
function partsOf({ queryStart, queryEnd }: Passage, ranges: readonly QueryRange[]): Part[] {
  const parts: Part[] = []
  const add = (end: number, ignored: string | null): void => {
    const start = parts.at(-1)?.end ?? queryStart
    if (end > start) parts.push({ start, end, ignored })
  }
  let lastId: string | null = null
  for (const { ignoredId, start, end } of [...ranges].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (end <= queryStart || start >= queryEnd) continue
    const reached = parts.at(-1)?.end ?? queryStart
    if (start - reached > 0) add(start, start - reached < LEAST_SECONDS ? ignoredId : null)
    add(Math.min(end, queryEnd), ignoredId)
    lastId = ignoredId
  }
  const reached = parts.at(-1)?.end ?? queryStart
  if (queryEnd > reached) add(queryEnd, lastId !== null && queryEnd - reached < LEAST_SECONDS ? lastId : null)
  return joined(parts)
}

/** Joins neighbours that one ignored passage takes away. */
function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last !== undefined && last.ignored === part.ignored) result.splice(-1, 1, { ...last, end: part.end })
    else result.push(part)
  }
  return result
}

function timesOf(
  { queryStart, queryEnd, refStart, refEnd, reversed }: Passage,
  start: number,
  end: number,
): Pick<Passage, 'queryStart' | 'queryEnd' | 'refStart' | 'refEnd'> {
  const rate = (refEnd - refStart) / (queryEnd - queryStart)
  const [from, to] = reversed
    ? [refEnd - (end - queryStart) * rate, refEnd - (start - queryStart) * rate]
    : [refStart + (start - queryStart) * rate, refStart + (end - queryStart) * rate]
  return { queryStart: inMs(start), queryEnd: inMs(end), refStart: inMs(from), refEnd: inMs(to) }
}

function inMs(seconds: number): number {
  return Math.round(1000 * seconds) / 1000
}
