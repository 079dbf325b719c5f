import { HASH_WORDS } from './hamming.ts'
import { type BitChange, laidHashes } from './orientation.ts'
import { type PictureLane, runsShown } from './picture-lane.ts'
import { scanner } from './scanner.ts'

/** Frames compared in the screening of one way, and the bound on comparisons. */
const MIN_PROBES = 24
const MAX_PROBES = 256
const MAX_COMPARISONS = 200_000
/** Of the ways that are rare, and many: the fewest frames, and of a long reference every other one. */
const BRIEF_COLUMNS = 1500
/** A frame that finds another within this distance speaks for the way that it was laid. */
const NEAR_BITS = 72

type Screened = {
  readonly rows: PictureLane
  readonly columns: PictureLane
  /** How the frames of the rows are laid before they are compared; null: as they are. */
  readonly lay: BitChange | null
  /** As few frames as tell something: for the many ways that are rare. */
  readonly isBrief: boolean
}

/**
 * Screens ways to lay two videos: how near some frames of the rows come to any of the columns, a sum of shares. Frames
 * that several ways have in common are picked and laid once, so use one for each pair of videos.
 */
export function createScreen(): (way: Screened) => number {
  const shown = new Map<PictureLane, readonly number[]>()
  const picked = new Map<PictureLane, Map<string, Uint32Array>>()
  const shownIn = (lane: PictureLane) => remembered(shown, lane, () => runsShown(lane))
  const pick = (lane: PictureLane, stride: number, lay: BitChange | null = null): Uint32Array => {
    const ofLane = remembered(picked, lane, () => new Map<string, Uint32Array>())
    const plain = () => remembered(ofLane, `${stride}`, () => hashesOf(lane, shownIn(lane), stride))
    return lay
      ? remembered(ofLane, `${stride} ${lay.swap} ${lay.mask}`, () => laidHashes(plain(), lay))
      : plain()
  }
  return ({ rows, columns, lay, isBrief }) => {
    const most = isBrief ? MIN_PROBES : MAX_PROBES
    const wanted = Math.min(Math.max(MAX_COMPARISONS / Math.max(1, columns.runs), MIN_PROBES), most)
    const probes = pick(rows, Math.max(1, shownIn(rows).length / wanted), lay)
    scanner.loadHashes(pick(columns, isBrief && shownIn(columns).length > BRIEF_COLUMNS ? 2 : 1))
    let sum = 0
    for (let at = 0; at < probes.length; at += HASH_WORDS)
      sum += Math.max(0, 1 - scanner.nearest(probes.subarray(at, at + HASH_WORDS)) / NEAR_BITS)
    return sum
  }
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** The hashes of one run in `stride`. */
function hashesOf({ hashes }: PictureLane, runs: readonly number[], stride: number): Uint32Array {
  const some: number[] = []
  for (let i = 0; i < runs.length; i += stride) some.push(runs[Math.floor(i)] as number)
  const picked = new Uint32Array(some.length * HASH_WORDS)
  for (const [at, run] of some.entries())
    picked.set(hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS), at * HASH_WORDS)
  return picked
}
