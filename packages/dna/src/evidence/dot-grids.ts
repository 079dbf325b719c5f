import { MATCH_THRESHOLD_ITEM_BITS } from '../align/audio/audio-hits.ts'
import { type FrameTimeline, hashesShown, runsShown } from '../align/frames/frame-timeline.ts'
import { ITEM_MS } from '../audio/chromaprint.ts'
import type { AudioTimeline } from '../fingerprint/audio-timeline.ts'
import { HASH_WORDS, MATCH_THRESHOLD_BITS } from '../hash/hamming.ts'
import { scanner } from '../hash/scanner.ts'
import { type Levels, MAX_LEVEL } from './levels.ts'
import { pictureAt, type ShownFrames } from './shown-frames.ts'

/** Pictures and items of the query that stand for one column, evenly spaced. More would cost time and show little. */
const SAMPLES_PER_COLUMN = 2
/** Exponent that lowers the level of what matches everywhere, as for the hits of the alignment. */
const COMMON_POWER = 0.25

type Side = { readonly query: ShownFrames; readonly ref: ShownFrames }

/** What a grid shows: lengths of both videos in milliseconds, and the columns to fill, all if absent. */
export type GridSpan = {
  readonly queryMs: number
  readonly refMs: number
  readonly fromColumn?: number
  readonly toColumn?: number
}

/** Fills in where frames are alike, under each of the transforms that the passages use. */
export function addPictures(levels: Levels, sides: readonly Side[], span: GridSpan): void {
  for (const { query, ref } of sides)
    for (const timeline of ref.timelines) addFrames(levels, { query, timeline, span })
}

function addFrames(
  levels: Levels,
  { query, timeline, span }: { query: ShownFrames; timeline: FrameTimeline; span: GridSpan },
): void {
  const shown = runsShown(timeline)
  scanner.loadHashes(hashesShown(timeline))
  for (const { column, ms } of momentsOf(levels, span, query.stepMs)) {
    const picture = pictureAt(query, ms)
    if (picture === null) continue
    const hash = picture.hashes.subarray(picture.run * HASH_WORDS, (picture.run + 1) * HASH_WORDS)
    const finds = scanner.near(hash, MATCH_THRESHOLD_BITS)
    const norm = Math.max(1, finds.length / 2) ** -COMMON_POWER
    for (let at = 0; at < finds.length; at += 2) {
      const run = shown[finds[at] as number] as number
      const fromMs = (timeline.firstOf[run] as number) * timeline.stepMs
      const toMs = fromMs + (timeline.samplesOf[run] as number) * timeline.stepMs
      const level = (1 - (finds[at + 1] as number) / MATCH_THRESHOLD_BITS) * norm
      raise(levels, { column, fromMs, toMs, refMs: span.refMs, level })
    }
  }
}

/** Fills in where items are alike. */
export function addSound(
  levels: Levels,
  [query, ref]: readonly [AudioTimeline, AudioTimeline],
  span: GridSpan,
): void {
  scanner.loadItems(ref.items)
  for (const { column, ms } of momentsOf(levels, span, ITEM_MS)) {
    const item = Math.round((ms - query.startMs) / ITEM_MS)
    const lively = query.lively[item] ?? 0
    if (lively === 0) continue
    const { finds } = scanner.nearItems(query.items[item] as number, MATCH_THRESHOLD_ITEM_BITS)
    const norm = lively * Math.max(1, finds.length / 2) ** -COMMON_POWER
    for (let at = 0; at < finds.length; at += 2) {
      const other = finds[at] as number
      const fromMs = ref.startMs + other * ITEM_MS
      const level =
        (1 - (finds[at + 1] as number) / MATCH_THRESHOLD_ITEM_BITS) * norm * (ref.lively[other] ?? 0)
      raise(levels, { column, fromMs, toMs: fromMs + ITEM_MS, refMs: span.refMs, level })
    }
  }
}

/** The moments of the query that stand for the columns: fewer in a column than `stepMs` allows, at least one. */
function momentsOf(
  { columns }: Levels,
  { queryMs, fromColumn = 0, toColumn = columns }: GridSpan,
  stepMs: number,
): { column: number; ms: number }[] {
  const columnMs = queryMs / columns
  const samples = Math.max(1, Math.min(SAMPLES_PER_COLUMN, Math.round(columnMs / stepMs)))
  return Array.from({ length: (toColumn - fromColumn) * samples }, (_, i) => {
    const column = fromColumn + Math.floor(i / samples)
    return { column, ms: column * columnMs + ((i % samples) * columnMs) / samples }
  })
}

type Mark = {
  readonly column: number
  readonly fromMs: number
  readonly toMs: number
  readonly refMs: number
  /** 0 to 1. */
  readonly level: number
}

/** Raises the cells of a range of the reference in one column to a level. */
function raise({ columns, rows, cells }: Levels, { column, fromMs, toMs, refMs, level }: Mark): void {
  const value = Math.round(level * MAX_LEVEL)
  const from = Math.max(0, Math.floor((fromMs / refMs) * rows))
  const to = Math.min(rows - 1, Math.max(from, Math.ceil((toMs / refMs) * rows) - 1))
  for (let row = from; row <= to; row++) {
    const cell = row * columns + column
    if (value > (cells[cell] as number)) cells[cell] = value
  }
}
