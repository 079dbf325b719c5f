import type { Candidate } from '@kinoprint/dna'

export type SeededVideo = Pick<Candidate, 'videoId' | 'seeds'>

/** Each video once, with the seeds of all its candidates. */
export function mergeCandidates(candidates: readonly SeededVideo[]): SeededVideo[] {
  const seedsOf = new Map<string, Candidate['seeds']>()
  for (const { videoId, seeds } of candidates)
    seedsOf.set(videoId, [...(seedsOf.get(videoId) ?? []), ...seeds])
  return [...seedsOf].map(([videoId, seeds]) => ({ videoId, seeds }))
}
