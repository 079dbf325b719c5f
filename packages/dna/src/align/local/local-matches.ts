import { type DescriptorMatch, descriptorMatcher } from '../../local/descriptor-matcher.ts'
import type { LocalFrame } from '../../local/local-track.ts'

/** Descriptors of the same detail differ in at most this many of 128 bits; unrelated ones in 64 on average. */
export const MAX_DESCRIPTOR_BITS = 18
/** Most matches kept of two frames: a page of text has thousands. */
const MAX_MATCHES = 64

/** Pairs of similar keypoints of two frames; the nearest ones if there are many. */
export function localMatches(query: LocalFrame, ref: LocalFrame): DescriptorMatch[] {
  const matches = descriptorMatcher.matches(query.descriptors, ref.descriptors, MAX_DESCRIPTOR_BITS)
  return matches.length > MAX_MATCHES
    ? matches.sort((a, b) => a.bits - b.bits || a.query - b.query || a.ref - b.ref).slice(0, MAX_MATCHES)
    : matches
}
