import type { Segment } from '../align/segments/segment.ts'
import type { ComparedVideos, PassageFrames } from './passage-frames.ts'
import { wholeFrames } from './shown-frames.ts'

/** Most cells of a grid along each video. */
export const MAX_CELLS = 512
/** Kinds of passages whose frames the dots show. */
const MAX_TRANSFORMS = 4

type Transform = Pick<Segment, 'mirrored' | 'queryBox' | 'refBox'> & { readonly turn: number }

/** Names the transform of a passage: equal for passages that show the same part in the same way. */
export function transformKey({ mirrored, turn, queryBox, refBox }: Transform): string {
  const sides = (box: Transform['queryBox']) => box && [box.left, box.top, box.right, box.bottom]
  return JSON.stringify([mirrored, turn, sides(queryBox), sides(refBox)])
}

/** A passage with a picture for each transform, at most four. */
export function ofEachTransform<T extends Transform & Pick<Segment, 'kind'>>(passages: readonly T[]): T[] {
  const found = new Map<string, T>()
  for (const passage of passages) {
    const key = transformKey(passage)
    if (passage.kind !== 'audio' && found.size < MAX_TRANSFORMS && !found.has(key)) found.set(key, passage)
  }
  return [...found.values()]
}

/** The frames of both whole pictures, which the dots show if no passage has a picture. */
export function wholePictures({ query, ref }: ComparedVideos): PassageFrames {
  return { query: wholeFrames(query), ref: wholeFrames([ref]), method: 'frames' }
}
