import { frameEngine } from './frame-engine.ts'
import { FRAME_PIXELS, FRAME_SIDE } from './resample.ts'

/** An edge lasts when it is there in this share of the frames. */
const LASTING_SHARE = 0.6
/** A frame's border of the picture-in-picture may be a pixel off. */
const REACH = 1

/**
 * Edges across one axis that stand in nearly all frames. `steps` and `lasting` lie as [line * 192 + place]: line is
 * where along the axis (between line and line + 1), place is where along the edge.
 */
export type LastingEdges = {
  /** Mean step in grey levels. */
  readonly steps: Float32Array
  /** 1 where an edge lasts. */
  readonly lasting: Uint8Array
}

/** The lasting upright (`columns`) and level (`rows`) edges of some frames of 192x192, at most 257. */
export function lastingEdges(frames: readonly Uint8Array[]): { columns: LastingEdges; rows: LastingEdges } {
  const sums = frameEngine.edgeSums(frames)
  const planes = (first: number): Planes => ({
    steps: sums.subarray(first * FRAME_PIXELS, (first + 1) * FRAME_PIXELS),
    counts: sums.subarray((first + 1) * FRAME_PIXELS, (first + 2) * FRAME_PIXELS),
  })
  return {
    columns: edgesOf(planes(0), { across: 1, along: FRAME_SIDE, frames: frames.length }),
    rows: edgesOf(planes(2), { across: FRAME_SIDE, along: 1, frames: frames.length }),
  }
}

/** Over all frames, for each pixel: the sum of its steps to the next, and how many of them are edges. */
type Planes = { readonly steps: Uint16Array; readonly counts: Uint16Array }

function edgesOf(
  sums: Planes,
  { across, along, frames }: { across: number; along: number; frames: number },
): LastingEdges {
  const steps = new Float32Array(FRAME_PIXELS)
  const lasting = new Uint8Array(FRAME_PIXELS)
  const least = Math.max(1, LASTING_SHARE * frames)
  for (let line = 0; line + 1 < FRAME_SIDE; line++) {
    for (let place = 0; place < FRAME_SIDE; place++) {
      const from = line * across + place * along
      const at = line * FRAME_SIDE + place
      steps[at] = (sums.steps[from] as number) / frames
      if ((sums.counts[from] as number) >= least) lasting[at] = 1
    }
  }
  return { steps, lasting }
}

/** Running counts along one line: how many places before each have a lasting edge on the line or one beside it. */
export function countsAlong({ lasting }: LastingEdges, line: number): Uint16Array {
  const counts = new Uint16Array(FRAME_SIDE + 1)
  for (let place = 0; place < FRAME_SIDE; place++) {
    let found = 0
    for (let near = line - REACH; near <= line + REACH; near++)
      found |= lasting[near * FRAME_SIDE + place] ?? 0
    counts[place + 1] = (counts[place] as number) + found
  }
  return counts
}
