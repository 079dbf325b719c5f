import type { PairMatch, Tracks } from '@kinoprint/dna'

/**
 * What a comparison shows: pictures and sound, or all that the files have, match (`copy`); only one of them matches
 * (`pictures`, `sound`); too little to report (`weak`); or nothing.
 */
export type Verdict = 'copy' | 'pictures' | 'sound' | 'weak' | 'nothing'

export type Compared = {
  readonly hasAudio: { readonly a: boolean; readonly b: boolean }
  readonly tracks: Tracks
}

export function verdictOf({ accepted, segments }: PairMatch, { hasAudio, tracks }: Compared): Verdict {
  if (segments.length === 0) return 'nothing'
  if (!accepted) return 'weak'
  if (segments.every(({ kind }) => kind === 'audio')) return 'sound'
  const comparesSound = hasAudio.a && hasAudio.b && tracks === 'both'
  return comparesSound && segments.every(({ kind }) => kind === 'video') ? 'pictures' : 'copy'
}

/** The verdict in words. */
export function verdictText(verdict: Verdict, tracks: Tracks): string {
  switch (verdict) {
    case 'copy':
      return tracks === 'pictures' ? 'the pictures are a copy, the sound is not compared' : 'a copy'
    case 'pictures':
      return 'the pictures match, the sound does not'
    case 'sound':
      return `the sound matches, the picture ${tracks === 'sound' ? 'is not compared' : 'differs'}`
    case 'weak':
      return 'too weak to report'
    case 'nothing':
      return 'nothing in common'
  }
}
