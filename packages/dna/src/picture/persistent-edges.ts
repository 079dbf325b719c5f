import { frameEngine } from './frame-engine.ts'
import { FRAME_PIXELS, FRAME_SIDE } from './rect.ts'

/** An edge is persistent if it is present in this share of the frames. */
const PERSISTENT_SHARE = 0.6
/** Number of lines to either side that count as the same line, because the border of an inset may be a pixel off. */
const REACH = 1

/**
 * Edges across one axis that are present in most frames. Both arrays are indexed [line * 192 + position]: `line` is the
 * position across the edge (between line and line + 1), `position` along it.
 */
export type PersistentEdges = {
  /** Mean step in grey levels. */
  readonly steps: Float32Array
  /** 1 where an edge is persistent. */
  readonly persistent: Uint8Array
}

/** Vertical (`columns`) and horizontal (`rows`) edges. */
export type FrameEdges = { readonly columns: PersistentEdges; readonly rows: PersistentEdges }

/** Returns the persistent vertical (`columns`) and horizontal (`rows`) edges of up to 257 frames of 192x192 pixels. */
export function findPersistentEdges(frames: readonly Uint8Array[]): FrameEdges {
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

/** Over all frames, per pixel: the sum of its steps to the next pixel, and how many of them are edges. */
type Planes = { readonly steps: Uint16Array; readonly counts: Uint16Array }

function edgesOf(
  sums: Planes,
  { across, along, frames }: { across: number; along: number; frames: number },
): PersistentEdges {
  const steps = new Float32Array(FRAME_PIXELS)
  const persistent = new Uint8Array(FRAME_PIXELS)
  const minimum = Math.max(1, PERSISTENT_SHARE * frames)
  for (let line = 0; line + 1 < FRAME_SIDE; line++) {
    for (let position = 0; position < FRAME_SIDE; position++) {
      const from = line * across + position * along
      const at = line * FRAME_SIDE + position
      steps[at] = (sums.steps[from] as number) / frames
      if ((sums.counts[from] as number) >= minimum) persistent[at] = 1
    }
  }
  return { steps, persistent }
}

/**
 * Running counts along a line: the number of earlier positions with a persistent edge on the line or an adjacent one.
 */
export function countsAlong({ persistent }: PersistentEdges, line: number): Uint16Array {
  const counts = new Uint16Array(FRAME_SIDE + 1)
  for (let position = 0; position < FRAME_SIDE; position++) {
    let found = 0
    for (let near = line - REACH; near <= line + REACH; near++)
      found |= persistent[near * FRAME_SIDE + position] ?? 0
    counts[position + 1] = (counts[position] as number) + found
  }
  return counts
}
