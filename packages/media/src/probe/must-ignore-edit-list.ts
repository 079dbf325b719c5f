import { showsAll, showsNothing } from './parse-edits.ts'
import type { Movie } from './parse-movie.ts'

/**
 * True where the edit list of the picture, or of the sound, leaves nothing of it. Programs can ignore all edit lists
 * of a file or none, so the sound's is a reason only where the picture's changes nothing.
 */
export const mustIgnoreEditList = ({ tracks, isFragmented }: Movie): boolean => {
  // In a fragmented file a length of 0 means "all of it" (ISO/IEC 14496-12, 8.6.6).
  if (isFragmented) return false
  const main = (handler: string) =>
    tracks.filter((track) => track.handler === handler).sort((a, b) => b.samples - a.samples)[0]
  const [picture, sound] = [main('vide'), main('soun')]
  if (picture === undefined) return false
  return showsNothing(picture) || (sound !== undefined && showsNothing(sound) && showsAll(picture))
}
