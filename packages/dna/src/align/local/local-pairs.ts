import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { mirrorDescriptors } from '../../local/descriptor.ts'
import type { DescriptorMatch } from '../../local/descriptor-matcher.ts'
import { type LocalFrame, type LocalTrack, localFramesOf } from '../../local/local-track.ts'
import type { Line } from '../lines/hough-peaks.ts'
import { remembered } from '../lines/remembered.ts'
import type { MatchedFrames } from './joint-fit.ts'
import {
  agreementOf,
  type FrameAgreement,
  inliersOf,
  type Points,
  pointsOf,
  weightOf,
} from './local-geometry.ts'
import { localMatches } from './local-matches.ts'

/** Pairs of frames that are compared: about 5 µs each. */
const MAX_PAIRS = 1600
/** Around a seed, pairs are chosen this many times further along its line than across it. */
const SEED_NARROWNESS = 4
/** Time between the query frames that are compared everywhere. The others are compared only near a line. */
const ROW_INTERVAL_MS = 500
/** Fewer agreeing keypoints than this are chance. */
const MIN_INLIERS = 2
/** A keypoint that has matches at this share of the other moments says nothing. */
const ALWAYS_SHARE = 0.75
/** With fewer other moments than this, a pair counts at most as many units as there are: a still picture has few frames. */
export const MIN_OTHERS = 4

/** A frame of the query (row) and one of the reference (column) whose keypoints agree. */
export type LocalPair = FrameAgreement & { readonly row: number; readonly column: number }

/** A frame with its keypoints in pixels of the displayed shape. */
type Frame = { readonly local: LocalFrame; readonly points: Points }

/** The frames of two tracks, by time, and the pairs of them that agree. */
export type LocalPairs = {
  readonly rows: readonly Frame[]
  readonly columns: readonly Frame[]
  readonly rowMs: readonly number[]
  readonly columnMs: readonly number[]
  readonly pairs: readonly LocalPair[]
  /** For each row, the nearest one that was compared with the columns. */
  readonly comparedRow: readonly number[]
  /** Number of frames with which each row, and each column, was compared. */
  readonly comparedInRow: Uint32Array
  readonly comparedInColumn: Uint32Array
  /** The pairs of each row and of each column, without those added by withPairsNear. */
  readonly inRow: readonly (readonly LocalPair[])[]
  readonly inColumn: readonly (readonly LocalPair[])[]
  /** The rows with which each column was compared, ... */
  readonly rowsOf: readonly (readonly number[])[]
  /** ... and those in which each of its keypoints has a match anywhere: column, keypoint, rows. */
  readonly rowsOfKeypoint: readonly (readonly number[][])[]
}

type PairOptions = {
  readonly mirrored: boolean
  /** Where to look if the videos are too long to compare all frames. */
  readonly seeds: () => readonly SeedAlignment[]
}

/** Compares the keypoints of the frames of two tracks: of all, or of those nearest to the seeds. */
export function localPairsOf(
  query: LocalTrack,
  ref: LocalTrack,
  { mirrored, seeds }: PairOptions,
): LocalPairs {
  const rows = mirrored ? mirroredRowsOf(query) : uprightRowsOf(query)
  const columns = localFramesOf(ref).map((frame) => frameOf(frame, ref.aspect))
  const comparedInRow = new Uint32Array(rows.length)
  const comparedInColumn = new Uint32Array(columns.length)
  const pairs: LocalPair[] = []
  const sparse = sparseRows(rows)
  const rowsOf = columns.map((): number[] => [])
  const rowsOfKeypoint = columns.map(({ local }) => Array.from(local.levels, (): number[] => []))
  for (const [row, column] of pairsToCompare({ rows, columns, sparse }, seeds)) {
    comparedInRow[row] = (comparedInRow[row] as number) + 1
    comparedInColumn[column] = (comparedInColumn[column] as number) + 1
    rowsOf[column]?.push(row)
    const matches = matchesOf({ rows, columns }, row, column)
    for (const { ref: keypoint } of matches) {
      const seen = rowsOfKeypoint[column]?.[keypoint]
      if (seen && seen.at(-1) !== row) seen.push(row)
    }
    const pair = pairOf({ rows, columns }, { row, column, matches })
    if (pair) pairs.push(pair)
  }
  const rowMs = rows.map(({ local }) => local.timeMs)
  return {
    rows,
    columns,
    rowMs,
    columnMs: columns.map(({ local }) => local.timeMs),
    pairs,
    comparedRow: nearestOf(rowMs, comparedInRow),
    comparedInRow,
    comparedInColumn,
    inRow: groupBy(pairs, rows.length, ({ row }) => row),
    inColumn: groupBy(pairs, columns.length, ({ column }) => column),
    rowsOf,
    rowsOfKeypoint,
  }
}

/** Compares further frames of the query, those near a line, with the frames of the reference there. */
export function withPairsNear(
  compared: LocalPairs,
  line: Pick<Line, 'rate' | 'offsetMs'>,
  withinMs: number,
): LocalPairs {
  const cells: [number, number][] = []
  for (const [column, ms] of compared.columnMs.entries())
    for (const [row, queryMs] of compared.rowMs.entries())
      if (Math.abs(ms - queryMs * line.rate - line.offsetMs) <= withinMs) cells.push([row, column])
  return withPairs(compared, cells)
}

/** Compares all of these rows with all of these columns. */
export function withPairsBetween(
  compared: LocalPairs,
  rows: readonly number[],
  columns: readonly number[],
): LocalPairs {
  return withPairs(
    compared,
    rows.flatMap((row) => columns.map((column): [number, number] => [row, column])),
  )
}

/** Compares the frames that are not compared yet. */
function withPairs(compared: LocalPairs, cells: readonly (readonly [number, number])[]): LocalPairs {
  const known = new Set(compared.pairs.map(({ row, column }) => row * compared.columns.length + column))
  const pairs = [...compared.pairs]
  for (const [row, column] of cells) {
    if (known.has(row * compared.columns.length + column)) continue
    const pair = pairOf(compared, { row, column, matches: matchesOf(compared, row, column) })
    if (pair) pairs.push(pair)
  }
  return { ...compared, pairs }
}

const uprightRowsOf = remembered((query: LocalTrack) =>
  localFramesOf(query).map((frame) => frameOf(frame, query.aspect)),
)
const mirroredRowsOf = remembered((query: LocalTrack) =>
  localFramesOf(query).map((frame) => frameOf(mirrorLocalFrame(frame), query.aspect)),
)

function frameOf(local: LocalFrame, aspect: number): Frame {
  return { local, points: pointsOf(local, aspect) }
}

/** The keypoints that the frame shows in a mirror. */
export function mirrorLocalFrame(frame: LocalFrame): LocalFrame {
  return {
    ...frame,
    columns: frame.columns.map((column) => 255 - column),
    descriptors: mirrorDescriptors(frame.descriptors),
  }
}

type Grid = Pick<LocalPairs, 'rows' | 'columns'>

function matchesOf({ rows, columns }: Grid, row: number, column: number): DescriptorMatch[] {
  const [here, there] = [rows[row], columns[column]]
  return here && there ? localMatches(here.local, there.local) : []
}

function pairOf(
  { rows, columns }: Grid,
  { row, column, matches }: { row: number; column: number; matches: readonly DescriptorMatch[] },
): LocalPair | null {
  const [here, there] = [rows[row], columns[column]]
  if (!here || !there || matches.length < MIN_INLIERS) return null
  const agreement = agreementOf(here.points, there.points, matches)
  return agreement && agreement.inliers >= MIN_INLIERS ? { ...agreement, row, column } : null
}

/** The two frames of a pair, with all matches of their keypoints. */
export function matchedFramesOf(compared: LocalPairs, { row, column }: LocalPair): MatchedFrames | null {
  const [here, there] = [compared.rows[row], compared.columns[column]]
  if (!here || !there) return null
  return { query: here.points, ref: there.points, matches: matchesOf(compared, row, column) }
}

/** Share of the keypoints of the reference that agree, 0 to 1. */
export function agreeingShare(compared: LocalPairs, pair: LocalPair): number {
  const { row, column } = pair
  const [here, there] = [compared.rows[row], compared.columns[column]]
  if (!here || !there) return 0
  const frames = { query: here.points, ref: there.points }
  const inliers = inliersOf(frames, matchesOf(compared, row, column), pair.fit)
  return new Set(inliers.map(({ ref }) => ref)).size / Math.max(1, there.local.levels.length)
}

/**
 * Weight of a pair without what is seen at other moments too, wherever in the picture: what stands still, letters and
 * digits that recur. Moments within `nearMs` of the pair do not count as others.
 */
export function novelWeight(compared: LocalPairs, pair: LocalPair, nearMs: number): number {
  const { row, column } = pair
  const [here, there] = [compared.rows[row], compared.columns[column]]
  if (!here || !there) return 0
  const isOther = (other: number) =>
    Math.abs((compared.rowMs[other] as number) - (compared.rowMs[row] as number)) > nearMs
  const others = (compared.rowsOf[column] ?? []).filter(isOther).length
  if (others < MIN_OTHERS) return Math.min(pair.weight, others)
  const novelty = ({ ref: keypoint }: DescriptorMatch) => {
    const seen = (compared.rowsOfKeypoint[column]?.[keypoint] ?? []).filter(isOther).length
    return Math.max(0, 1 - seen / others / ALWAYS_SHARE)
  }
  const frames = { query: here.points, ref: there.points }
  const inliers = inliersOf(frames, matchesOf(compared, row, column), pair.fit)
  return weightOf(frames, inliers, novelty)
}

function groupBy(
  pairs: readonly LocalPair[],
  count: number,
  indexOf: (pair: LocalPair) => number,
): LocalPair[][] {
  const groups = Array.from({ length: count }, (): LocalPair[] => [])
  for (const pair of pairs) groups[indexOf(pair)]?.push(pair)
  return groups
}

/** The first row of each interval. */
function sparseRows(rows: readonly Frame[]): number[] {
  const cellOf = (row: number) => Math.trunc((rows[row]?.local.timeMs ?? 0) / ROW_INTERVAL_MS)
  return [...rows.keys()].filter((row) => row === 0 || cellOf(row) !== cellOf(row - 1))
}

/** For each row, the nearest row that was compared; itself if none was. */
function nearestOf(rowMs: readonly number[], comparedInRow: Uint32Array): number[] {
  const compared = [...rowMs.keys()].filter((row) => (comparedInRow[row] as number) > 0)
  let at = 0
  return rowMs.map((ms, row) => {
    const apart = (index: number) => Math.abs((rowMs[compared[index] ?? row] as number) - ms)
    while (at + 1 < compared.length && apart(at + 1) <= apart(at)) at++
    return compared[at] ?? row
  })
}

function pairsToCompare(
  { rows, columns, sparse }: Grid & { readonly sparse: readonly number[] },
  seedsOf: PairOptions['seeds'],
): [number, number][] {
  const size = sparse.length * columns.length
  const seeds = size > MAX_PAIRS ? seedsOf() : []
  if (seeds.length === 0) {
    const step = Math.ceil(Math.sqrt(Math.max(1, size / MAX_PAIRS)))
    return everyNth(sparse, step).flatMap((row) =>
      everyNth([...columns.keys()], step).map((column): [number, number] => [row, column]),
    )
  }
  const chosen = new Uint8Array(rows.length * columns.length)
  const perSeed = Math.floor(MAX_PAIRS / seeds.length)
  for (const seed of seeds) {
    const apart = distancesFrom(seed, { rows, columns, sparse })
    const limit = apart.slice().sort()[perSeed - 1] ?? Number.POSITIVE_INFINITY
    // Of those at the limit, the first ones.
    let left = perSeed - apart.reduce((count, one) => count + (one < limit ? 1 : 0), 0)
    for (const [i, one] of apart.entries()) {
      if (one > limit || (one === limit && left-- <= 0)) continue
      const row = sparse[Math.trunc(i / columns.length)] as number
      chosen[row * columns.length + (i % columns.length)] = 1
    }
  }
  const pairs: [number, number][] = []
  for (const [i, isChosen] of chosen.entries())
    if (isChosen) pairs.push([Math.trunc(i / columns.length), i % columns.length])
  return pairs
}

/** For each sparse row, and each column, how far they are from a seed, in milliseconds: further across its line than along. */
function distancesFrom(
  { queryMs, refMs }: SeedAlignment,
  { rows, columns, sparse }: Grid & { readonly sparse: readonly number[] },
): Float64Array {
  const apart = new Float64Array(sparse.length * columns.length)
  let at = 0
  for (const row of sparse) {
    const along = (rows[row]?.local.timeMs ?? 0) - queryMs
    for (const { local } of columns) {
      const across = local.timeMs - refMs
      apart[at++] = Math.abs(along) + SEED_NARROWNESS * Math.abs(across - along)
    }
  }
  return apart
}

function everyNth<T>(list: readonly T[], step: number): T[] {
  return list.filter((_, i) => i % step === 0)
}
