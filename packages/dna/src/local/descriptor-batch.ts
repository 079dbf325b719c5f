import { DESCRIPTOR_WORDS } from './descriptor.ts'
import { MAX_DESCRIPTORS } from './descriptor-matcher.ts'
import type { LocalFrame } from './local-track.ts'

/** Descriptors of several frames, one after the other, so that one comparison covers them all. */
export type DescriptorBatch = {
  /** Positions of the frames in the list that was batched. */
  readonly frames: readonly number[]
  readonly descriptors: Uint32Array
  /** For each descriptor, the position of its frame in `frames`, and its own position in that frame. */
  readonly frameOf: Uint8Array
  readonly keypointOf: Uint8Array
}

/** Packs frames, in order, into as few batches as one comparison can take. Frames without keypoints are left out. */
export function batchDescriptors(frames: readonly LocalFrame[]): DescriptorBatch[] {
  const groups: number[][] = []
  let size = MAX_DESCRIPTORS
  for (const [index, { levels }] of frames.entries()) {
    if (levels.length === 0) continue
    if (size + levels.length > MAX_DESCRIPTORS) {
      groups.push([])
      size = 0
    }
    groups.at(-1)?.push(index)
    size += levels.length
  }
  return groups.map((group) => batchOf(frames, group))
}

function batchOf(all: readonly LocalFrame[], group: readonly number[]): DescriptorBatch {
  const frames = group.map((index) => all[index]).filter((frame) => frame !== undefined)
  const count = frames.reduce((sum, { levels }) => sum + levels.length, 0)
  const descriptors = new Uint32Array(DESCRIPTOR_WORDS * count)
  const frameOf = new Uint8Array(count)
  const keypointOf = new Uint8Array(count)
  let at = 0
  for (const [position, frame] of frames.entries()) {
    descriptors.set(frame.descriptors, DESCRIPTOR_WORDS * at)
    for (let keypoint = 0; keypoint < frame.levels.length; keypoint++, at++) {
      frameOf[at] = position
      keypointOf[at] = keypoint
    }
  }
  return { frames: group, descriptors, frameOf, keypointOf }
}
