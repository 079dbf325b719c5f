import type { MediaKind } from '@kinoprint/core'
import type { PairMatch, Tracks } from '@kinoprint/dna'

/**
 * What a comparison shows: pictures and sound, or all that the files have, match (`copy`); only one of them matches
 * (`pictures`, `sound`); too little to report (`weak`); or nothing.
 */
export type Verdict = 'copy' | 'pictures' | 'sound' | 'weak' | 'nothing'

export type Compared = {
  readonly hasAudio: { readonly a: boolean; readonly b: boolean }
  readonly tracks: Tracks
  readonly kinds: { readonly a: MediaKind; readonly b: MediaKind }
}

export function verdictOf({ accepted, segments }: PairMatch, { hasAudio, tracks }: Compared): Verdict {
  if (segments.length === 0) return 'nothing'
  if (!accepted) return 'weak'
  if (segments.every(({ kind }) => kind === 'audio')) return 'sound'
  const comparesSound = hasAudio.a && hasAudio.b && tracks === 'both'
  return comparesSound && segments.every(({ kind }) => kind === 'video') ? 'pictures' : 'copy'
}

/** The verdict in words. */
export function verdictText(verdict: Verdict, { tracks, kinds }: Pick<Compared, 'tracks' | 'kinds'>): string {
  const isSoundAlone = kinds.a === 'sound' || kinds.b === 'sound'
  switch (verdict) {
    case 'copy':
      if (kinds.a === 'picture' && kinds.b === 'picture') return 'the pictures are the same'
      if (kinds.a === 'picture') return 'B shows picture A'
      if (kinds.b === 'picture') return 'A shows picture B'
      return tracks === 'pictures' ? 'the pictures are a copy, the sound is not compared' : 'a copy'
    case 'pictures':
      return 'the pictures match, the sound does not'
    case 'sound':
      if (isSoundAlone) return 'the sound matches'
      return `the sound matches, the picture ${tracks === 'sound' ? 'is not compared' : 'differs'}`
    case 'weak':
      return 'too weak to report'
    case 'nothing':
      return 'nothing in common'
  }
}

/** Why two files cannot be compared at all; null if they can. */
export function incomparable({ hasAudio, tracks, kinds }: Compared): string | null {
  const compares = { pictures: tracks !== 'sound', sound: tracks !== 'pictures' }
  const haveSound = hasAudio.a && hasAudio.b
  const havePictures = kinds.a !== 'sound' && kinds.b !== 'sound'
  if ((compares.pictures && havePictures) || (compares.sound && haveSound)) return null
  const partOf = (side: 'a' | 'b'): string =>
    kinds[side] === 'sound' ? 'only sound' : hasAudio[side] ? 'pictures and sound' : 'no sound'
  const cause =
    tracks === 'both' ? '' : `, and only ${tracks === 'sound' ? 'sound' : 'pictures'} would be compared`
  return `There is nothing to compare: A has ${partOf('a')}, B has ${partOf('b')}${cause}.`
}
