import { type Explained, explain, type Field } from './explain.ts'
import { grownRun } from './grow-run.ts'
import { popcount } from './hamming.ts'
import type { TrackRun } from './segment.ts'
import { soundHits } from './sound-hits.ts'
import { ITEM_MS, ITEM_SPAN_MS, type SoundLane } from './sound-lane.ts'
import { endWithin, startWithin } from './track-line.ts'
import { type Line, SPEEDS } from './vote-lines.ts'

/** Cost of an item outside the reference, in items that match exactly. */
const OUTSIDE_COST = 1
/** Evidence that chance reaches between unrelated sounds, in items that match exactly. */
const CHANCE_SUM = 9
/** Mean difference over which a passage is no copy. */
const MAX_DIFFERENCE = 0.35
/** Beyond its ends a passage goes on while its items differ in fewer bits than this; unrelated ones differ in 14.4. */
const GOES_ON_BITS = 12
/** Sound never runs backwards recognisably: its filters look at stretches of two seconds. */
const RATES = SPEEDS

/** Evidence of a lead, which chance may reach, and what it counts. */
const LEAD_SUM = 5
const LEAD_SHARE = 0.02

/** Passages whose sound agrees, strongest first. `asLead`: those that chance may have made too, counting next to nothing. */
export function matchSound(
  query: SoundLane,
  ref: SoundLane,
  { asLead = false }: { asLead?: boolean } = {},
): TrackRun[] {
  const { hits, neutral } = soundHits(query, ref)
  const field: Field = {
    rows: query.items.length,
    rowMs: ITEM_MS,
    startMs: query.startMs,
    hits,
    binMs: ITEM_MS,
    rates: RATES,
    weigh: (line, into) => weigh(query, ref, { line, into, neutral }),
    trust: (run) => (differenceOn(query, ref, run) <= MAX_DIFFERENCE ? 1 : 0),
    refine: (line, run) => refine(query, ref, { line, run }),
  }
  const found = explain(field, { minSum: asLead ? LEAD_SUM : CHANCE_SUM })
  const evidenceOf = ({ sum }: Explained) => (asLead ? sum * LEAD_SHARE : sum - CHANCE_SUM)
  return found.map((run) => ({
    ...judge(query, ref, grown(query, ref, { run, found })),
    evidence: evidenceOf(run),
  }))
}

/** The passage lengthened to where the sound parts, but not into another. */
function grown(
  query: SoundLane,
  ref: SoundLane,
  { run, found }: { run: Explained; found: readonly Explained[] },
): Explained {
  const rows = grownRun(run, (item) => {
    if (item < 0 || item >= query.items.length) return null
    if (found.some((other) => other !== run && item >= other.from && item <= other.to)) return null
    const bits = bitsAt(query, ref, { item, line: run.line })
    if (bits < 0) return null
    const other = refItemAt(query, ref, { item, line: run.line })
    return isSilence(query, item) || isSilence(ref, other) ? 0 : 1 - bits / GOES_ON_BITS
  })
  return { ...run, ...rows }
}

/** Silence is alike everywhere: it says nothing of where a passage ends. */
function isSilence({ lively }: SoundLane, item: number): boolean {
  return (lively[item] ?? 0) <= 0
}

/** Differing bits 0..32 between a query item and the reference's on a line; -1 outside the reference. */
function bitsAt(query: SoundLane, ref: SoundLane, { item, line }: { item: number; line: Line }): number {
  const other = refItemAt(query, ref, { item, line })
  const there = ref.items[other]
  return there === undefined ? -1 : popcount(((query.items[item] as number) ^ there) >>> 0)
}

function refItemAt(query: SoundLane, ref: SoundLane, { item, line }: { item: number; line: Line }): number {
  const refMs = (query.startMs + item * ITEM_MS) * line.rate + line.offsetMs
  return Math.round((refMs - ref.startMs) / ITEM_MS)
}

function weigh(
  query: SoundLane,
  ref: SoundLane,
  { line, into, neutral }: { line: Line; into: Float64Array; neutral: Float32Array },
): void {
  for (let item = 0; item < into.length; item++) {
    const bits = bitsAt(query, ref, { item, line })
    const other = refItemAt(query, ref, { item, line })
    const lively = Math.min(query.lively[item] as number, ref.lively[other] ?? 0)
    into[item] = bits < 0 ? -OUTSIDE_COST : (1 - bits / (neutral[item] as number)) * lively
  }
}

/** Moves a line by up to two items to where the bits of its run agree best. */
function refine(
  query: SoundLane,
  ref: SoundLane,
  { line, run }: { line: Line; run: { from: number; to: number } },
): Line {
  let best = line
  let least = Number.POSITIVE_INFINITY
  for (const step of [0, -0.5, 0.5, -1, 1, -1.5, 1.5, -2, 2]) {
    const moved = { ...line, offsetMs: line.offsetMs + step * ITEM_MS }
    const difference = differenceOn(query, ref, { line: moved, ...run })
    if (difference < least - 1e-9) {
      least = difference
      best = moved
    }
  }
  return best
}

/** Mean share of differing bits over the items of a run that lie inside the reference. */
function differenceOn(
  query: SoundLane,
  ref: SoundLane,
  { line, from, to }: { line: Line; from: number; to: number },
): number {
  let sum = 0
  let weights = 0
  for (let item = from; item <= to; item++) {
    const bits = bitsAt(query, ref, { item, line })
    if (bits < 0) continue
    const lively = query.lively[item] as number
    sum += bits * lively
    weights += lively
  }
  return weights > 0 ? sum / weights / 32 : 1
}

function judge(query: SoundLane, ref: SoundLane, run: Explained): Omit<TrackRun, 'evidence'> {
  return {
    ...timesOf(query, ref, run),
    difference: differenceOn(query, ref, run),
    mirrored: false,
    turn: 0,
  }
}

/**
 * Boundaries of a run. The last item hears ITEM_SPAN_MS more, but the items around a cut hear both sides of it:
 * those that agree reach about half a span over it.
 */
function timesOf(query: SoundLane, ref: SoundLane, { line, from, to }: Explained) {
  const reachesEnd = to >= query.items.length - 1
  const startMs = from === 0 ? query.startMs : query.startMs + from * ITEM_MS + ITEM_SPAN_MS / 4
  const lastMs = query.startMs + to * ITEM_MS + ITEM_SPAN_MS * (reachesEnd ? 1 : 0.75)
  const endMs = reachesEnd && query.durationMs - lastMs < 2 * ITEM_MS ? query.durationMs : lastMs
  const within = (ms: number, high: number) => Math.min(Math.max(ms, 0), high)
  // What reaches beyond the reference is cut off in both.
  const queryMsAt = (ms: number) => (ms - line.offsetMs) / line.rate
  const queryStartMs = within(startWithin(startMs <= ITEM_MS ? 0 : startMs, queryMsAt(0)), query.durationMs)
  const queryEndMs = within(endWithin(endMs, queryMsAt(ref.durationMs)), query.durationMs)
  return {
    queryStartMs,
    queryEndMs,
    refStartMs: within(queryStartMs * line.rate + line.offsetMs, ref.durationMs),
    refEndMs: within(queryEndMs * line.rate + line.offsetMs, ref.durationMs),
    rate: line.rate,
  }
}
