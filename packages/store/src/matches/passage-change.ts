import type { Passage } from './passage.ts'

/** A decided match opens again if a search finds or misses this many seconds in one piece. */
const CHANGE_SECONDS = 2
/** Two passages say the same where their times in the reference differ by at most this. */
const SAME_SECONDS = 1

type Track = 'video' | 'audio'

/** A straight line of one track: seconds of the query, and where they are in the reference. */
type Line = { readonly from: number; readonly to: number; readonly refAt: (seconds: number) => number }

/**
 * Whether two searches of one pair differ by a passage of 2 s or more, in picture or in sound. Weak passages do not
 * count. Ignored ones do: ignoring a passage does not change what was found.
 */
export function isChanged(before: readonly Passage[], after: readonly Passage[]): boolean {
  return (['video', 'audio'] as const).some((track) => {
    const [old, found] = [linesOf(before, track), linesOf(after, track)]
    return hasMore(old, found) || hasMore(found, old)
  })
}

function linesOf(passages: readonly Passage[], track: Track): Line[] {
  return passages
    .filter(({ kind, weak }) => !weak && (kind === 'both' || kind === track))
    .map(({ queryStart: from, queryEnd: to, refStart, refEnd, reversed }) => {
      const [first, last] = reversed ? [refEnd, refStart] : [refStart, refEnd]
      const rate = to > from ? (last - first) / (to - from) : 0
      return { from, to, refAt: (seconds: number) => first + rate * (seconds - from) }
    })
}

/** Whether a line of `lines` has CHANGE_SECONDS in one piece that no line of `known` says. */
function hasMore(lines: readonly Line[], known: readonly Line[]): boolean {
  return lines.some((line) => {
    let reached = line.from
    const said = known.flatMap((other) => commonRange(line, other)).sort((a, b) => a.from - b.from)
    for (const { from, to } of said) {
      if (from - reached >= CHANGE_SECONDS) return true
      reached = Math.max(reached, to)
    }
    return line.to - reached >= CHANGE_SECONDS
  })
}

/** The part of the query where two lines lead to the same seconds of the reference; at most one range. */
function commonRange(a: Line, b: Line): { readonly from: number; readonly to: number }[] {
  const from = Math.max(a.from, b.from)
  const to = Math.min(a.to, b.to)
  if (to <= from) return []
  const atFrom = a.refAt(from) - b.refAt(from)
  const slope = (a.refAt(to) - b.refAt(to) - atFrom) / (to - from)
  if (slope === 0) return Math.abs(atFrom) <= SAME_SECONDS ? [{ from, to }] : []
  const [first = from, last = to] = [(-SAME_SECONDS - atFrom) / slope, (SAME_SECONDS - atFrom) / slope]
    .map((offset) => from + offset)
    .sort((x, y) => x - y)
  const range = { from: Math.max(from, first), to: Math.min(to, last) }
  return range.to > range.from ? [range] : []
}
