import type { Line } from '../lines/hough-peaks.ts'
import { type JointFit, jointFit } from './joint-fit.ts'
import { NEAR_MS, offLineMs } from './local-lines.ts'
import { type LocalPair, type LocalPairs, matchedFramesOf, withPairsNear } from './local-pairs.ts'
import type { Fit } from './similarity-fit.ts'

/** Keypoints of a pair that a joint fit takes, at least, and number of pairs. */
const MIN_PAIR_INLIERS = 3
const MAX_PAIRS = 40
/** A moving picture is fitted from frames of the query this near in time, and of the reference this near to the line. */
const MOMENT_MS = 300
const MOMENT_LINE_MS = 1100
const MAX_MOMENT_PAIRS = 6
/** At a moment, fewer exact keypoints are chance, and so is a size that differs from the usual one by this factor. */
const MIN_MOMENT_INLIERS = 6
const MAX_RESIZE = 1.25
/** Movement is steady for this long before and after a moment. */
const STEADY_MS = 1000

/** Where the reference's picture is in the query on a line; null if too little agrees there. */
export function jointFitOn(compared: LocalPairs, line: Line): JointFit | null {
  const near = withPairsNear(compared, line, NEAR_MS + 250)
  return jointFitOf(
    near,
    near.pairs.filter((pair) => Math.abs(offLineMs(near, pair, line)) <= NEAR_MS),
  )
}

/** Where the reference's picture is in the query if its scene stands still, so that all moments agree. */
export function jointFitOfAll(compared: LocalPairs): JointFit | null {
  return jointFitOf(compared, compared.pairs)
}

function jointFitOf(
  compared: LocalPairs,
  candidates: readonly LocalPair[],
  limit = MAX_PAIRS,
): JointFit | null {
  const pairs = candidates
    .filter(({ inliers }) => inliers >= MIN_PAIR_INLIERS)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, limit)
  const frames = pairs.flatMap((pair) => matchedFramesOf(compared, pair) ?? [])
  return jointFit(
    frames,
    pairs.map(({ fit }) => fit),
  )
}

type MomentFit = JointFit & { readonly ms: number }

/**
 * Where the reference's picture is in the query at each of some moments, ascending, on a line; null where too little agrees.
 * The fits of neighbouring moments are smoothed (local linear regression), because each rests on a few keypoints.
 */
export function jointFitsAlong(
  compared: LocalPairs,
  line: Line,
  timesMs: Iterable<number>,
): (JointFit | null)[] {
  const near = withPairsNear(compared, line, MOMENT_LINE_MS)
  const pairsOfRow = new Map<number, LocalPair[]>()
  for (const pair of near.pairs) {
    if (pair.inliers < MIN_PAIR_INLIERS || Math.abs(offLineMs(near, pair, line)) > MOMENT_LINE_MS) continue
    pairsOfRow.set(pair.row, [...(pairsOfRow.get(pair.row) ?? []), pair])
  }
  const rows = [...pairsOfRow.keys()]
  const times = [...timesMs]
  const found = times.flatMap((ms): MomentFit[] => {
    const pairs = rows
      .filter((row) => Math.abs((near.rowMs[row] as number) - ms) <= MOMENT_MS)
      .flatMap((row) => pairsOfRow.get(row) ?? [])
    const joint = jointFitOf(near, pairs, MAX_MOMENT_PAIRS)
    return joint && joint.inliers >= MIN_MOMENT_INLIERS ? [{ ...joint, ms }] : []
  })
  const usual = ofUsualSize(found)
  return times.map((ms) => smoothedAt(ms, usual))
}

function ofUsualSize(fits: readonly MomentFit[]): MomentFit[] {
  const sizeOf = ({ fit: { a, b } }: MomentFit) => Math.hypot(a, b)
  const sizes = fits.map(sizeOf).sort((a, b) => a - b)
  const usual = sizes[sizes.length >> 1] ?? 1
  return fits.filter((one) => Math.max(sizeOf(one) / usual, usual / sizeOf(one)) < MAX_RESIZE)
}

/** The fit at a moment if the picture moves steadily around it; null if no moment before or none after it has one. */
function smoothedAt(ms: number, fits: readonly MomentFit[]): JointFit | null {
  const near = fits.filter((one) => Math.abs(one.ms - ms) <= STEADY_MS)
  if (!near.some((one) => one.ms <= ms) || !near.some((one) => one.ms >= ms)) return null
  const [x, y] = [near[0]?.fit.x ?? 0, near[0]?.fit.y ?? 0]
  const at = (partOf: (fit: Fit) => number) => valueAt(ms, near, partOf)
  const [a, b] = [at((fit) => fit.a), at((fit) => fit.b)]
  const toX = at((fit) => fit.a * x - fit.b * y + fit.left)
  const toY = at((fit) => fit.b * x + fit.a * y + fit.top)
  const fit = { a, b, left: toX - a * x + b * y, top: toY - b * x - a * y, x, y }
  return { fit, inliers: near.reduce((sum, { inliers }) => sum + inliers, 0) }
}

/** The value of a weighted regression line at a moment. */
function valueAt(ms: number, fits: readonly MomentFit[], partOf: (fit: Fit) => number): number {
  let [weights, meanMs, mean] = [0, 0, 0]
  for (const { inliers, ms: at, fit } of fits) {
    weights += inliers
    meanMs += inliers * (at - ms)
    mean += inliers * partOf(fit)
  }
  ;[meanMs, mean] = [meanMs / weights, mean / weights]
  let [along, spread] = [0, 0]
  for (const { inliers, ms: at, fit } of fits) {
    along += inliers * (at - ms - meanMs) * (partOf(fit) - mean)
    spread += inliers * (at - ms - meanMs) ** 2
  }
  return spread > 0 ? mean - (along / spread) * meanMs : mean
}
