import { FRAME_SIDE } from './resample.ts'

/** A step between two neighbouring pixels that counts as an edge, in grey levels. */
const EDGE_STEP = 6
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

/** The lasting upright (`columns`) and level (`rows`) edges of some frames of 192x192. */
export function lastingEdges(frames: readonly Uint8Array[]): { columns: LastingEdges; rows: LastingEdges } {
  return { columns: edgesOf(frames, 1, FRAME_SIDE), rows: edgesOf(frames, FRAME_SIDE, 1) }
}

function edgesOf(frames: readonly Uint8Array[], across: number, along: number): LastingEdges {
  const steps = new Float32Array(FRAME_SIDE * FRAME_SIDE)
  const counts = new Uint16Array(FRAME_SIDE * FRAME_SIDE)
  for (const pixels of frames) {
    for (let line = 0; line + 1 < FRAME_SIDE; line++) {
      for (let place = 0; place < FRAME_SIDE; place++) {
        const from = line * across + place * along
        const step = Math.abs((pixels[from + across] as number) - (pixels[from] as number))
        const at = line * FRAME_SIDE + place
        steps[at] = (steps[at] as number) + step / frames.length
        if (step >= EDGE_STEP) counts[at] = (counts[at] as number) + 1
      }
    }
  }
  const least = LASTING_SHARE * frames.length
  const lasting = Uint8Array.from(counts, (count) => (count > 0 && count >= least ? 1 : 0))
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
