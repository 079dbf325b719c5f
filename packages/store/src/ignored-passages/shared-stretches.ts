/** A passage that two contents share, in decimal seconds of each. */
export type SharedPassage = {
  readonly a: string
  readonly b: string
  readonly aStart: number
  readonly aEnd: number
  readonly bStart: number
  readonly bEnd: number
}

/** A stretch of a content that others have too. */
export type SharedStretch = {
  readonly etag: string
  readonly start: number
  readonly end: number
  /** Where the others have it, one range of each. */
  readonly others: readonly { readonly etag: string; readonly start: number; readonly end: number }[]
}

/** A stretch is suggested if at least this many other contents have it, for this many seconds. */
const MIN_OTHERS = 2
const MIN_SECONDS = 2
const MAX_SUGGESTIONS = 20
/** Share of a stretch that a suggested one must cover to be the same passage elsewhere. */
const SAME_SHARE = 0.5

type Interval = { readonly start: number; readonly end: number }
type Link = Interval & { readonly other: string; readonly otherRange: Interval }

/** The stretches that at least three contents share, most widely shared first. Each is suggested in one content only. */
export function sharedStretches(passages: readonly SharedPassage[]): SharedStretch[] {
  const links = new Map<string, Link[]>()
  const add = (etag: string, link: Link): void => {
    links.set(etag, [...(links.get(etag) ?? []), link])
  }
  for (const { a, b, aStart, aEnd, bStart, bEnd } of passages) {
    const [ofA, ofB] = [
      { start: aStart, end: aEnd },
      { start: bStart, end: bEnd },
    ]
    add(a, { ...ofA, other: b, otherRange: ofB })
    add(b, { ...ofB, other: a, otherRange: ofA })
  }
  const all = [...links]
    .flatMap(([etag, ofEtag]) => stretchesOf(ofEtag).map((range) => describe(etag, range, ofEtag)))
    .sort((x, y) => y.others.length - x.others.length || (x.etag < y.etag ? -1 : 1) || x.start - y.start)
  const chosen: SharedStretch[] = []
  for (const stretch of all) {
    if (chosen.length === MAX_SUGGESTIONS) break
    if (!chosen.some((earlier) => isShownBy(stretch, earlier))) chosen.push(stretch)
  }
  return chosen
}

/** The ranges in which enough others share a content, as long as they may be. */
function stretchesOf(links: readonly Link[]): Interval[] {
  const edges = [...new Set(links.flatMap(({ start, end }) => [start, end]))].sort((x, y) => x - y)
  const ranges: Interval[] = []
  for (const [at, start] of edges.entries()) {
    const end = edges[at + 1] ?? start
    const others = new Set(
      links.filter((link) => link.start < end && link.end > start).map(({ other }) => other),
    )
    if (others.size < MIN_OTHERS) continue
    const last = ranges.at(-1)
    if (last?.end === start) ranges.splice(-1, 1, { ...last, end })
    else ranges.push({ start, end })
  }
  return ranges.filter(({ start, end }) => end - start >= MIN_SECONDS)
}

function describe(etag: string, range: Interval, links: readonly Link[]): SharedStretch {
  const others = new Map<string, Interval>()
  for (const link of links)
    if (overlap(link, range) > 0 && !others.has(link.other)) others.set(link.other, link.otherRange)
  return { etag, ...range, others: [...others].map(([other, at]) => ({ etag: other, ...at })) }
}

/** Whether a stretch is what an earlier suggestion shows in this content. */
function isShownBy({ etag, start, end }: SharedStretch, earlier: SharedStretch): boolean {
  const shown = [earlier, ...earlier.others].filter((one) => one.etag === etag)
  return shown.some((one) => overlap(one, { start, end }) >= SAME_SHARE * (end - start))
}

function overlap(a: Interval, b: Interval): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start))
}
