import type { Movie } from './parse-movie.ts'

/** One entry of an edit list (ISO/IEC 14496-12, 8.6.6), in seconds. */
export type Edit = {
  /** How long it is shown; undefined for all ones. */
  readonly seconds: number | undefined
  /** Where it starts in the media; undefined for an empty edit. */
  readonly mediaStart: number | undefined
}

/** Maximum number of entries; editors write a few hundred. */
const MAX_EDITS = 10_000

type Scales = { readonly movieScale: number; readonly mediaScale: number }

/** @param elst The body of the box. */
export function parseEdits(elst: Buffer | undefined, { movieScale, mediaScale }: Scales): Edit[] {
  if (elst === undefined || elst.length < 8 || movieScale === 0 || mediaScale === 0) return []
  const isLong = elst.readUInt8(0) === 1
  const size = isLong ? 20 : 12
  const count = Math.min(elst.readUInt32BE(4), MAX_EDITS, Math.floor((elst.length - 8) / size))
  return Array.from({ length: count }, (_, n) => {
    const at = 8 + n * size
    const units = isLong ? Number(elst.readBigUInt64BE(at)) : elst.readUInt32BE(at)
    const start = isLong ? Number(elst.readBigInt64BE(at + 8)) : elst.readInt32BE(at + 4)
    const isUnknown = units >= (isLong ? 2 ** 63 : 0xffff_ffff)
    return {
      seconds: isUnknown ? undefined : units / movieScale,
      mediaStart: start < 0 ? undefined : start / mediaScale,
    }
  })
}

type EditedTrack = {
  readonly edits: readonly Edit[]
  readonly sampleSeconds: number | undefined
  readonly samples: number
}

/** Seconds of a track that its edit list shows; undefined without an edit list or a sample table. */
export function secondsShown({ edits, sampleSeconds }: EditedTrack): number | undefined {
  if (edits.length === 0 || sampleSeconds === undefined) return undefined
  return edits.reduce((sum, { seconds = sampleSeconds, mediaStart }) => {
    const left = mediaStart === undefined ? 0 : Math.max(0, sampleSeconds - mediaStart)
    return sum + Math.min(seconds, left)
  }, 0)
}

/** Whether an edit list shows less than one sample of a track that has several, which means that it is broken. */
function showsNothing(track: EditedTrack): boolean {
  const shown = secondsShown(track)
  const { samples, sampleSeconds = 0 } = track
  return shown !== undefined && samples > 1 && shown < sampleSeconds / samples
}

/** Whether an edit list hides at most an encoder's first samples, so that it may be ignored. */
function showsAll(track: EditedTrack): boolean {
  const shown = secondsShown(track)
  return shown === undefined || (track.edits.length === 1 && (track.sampleSeconds ?? 0) - shown < 0.5)
}

/**
 * Whether the edit list of the video or audio hides all of it. Programs ignore either all edit lists of a file or none,
 * so a broken audio list counts only if the video's list hides nothing.
 */
export function mustIgnoreEditLists({ tracks, isFragmented }: Movie): boolean {
  // In a fragmented file a length of 0 means "all of it" (ISO/IEC 14496-12, 8.6.6).
  if (isFragmented) return false
  const main = (handler: string) =>
    tracks.filter((track) => track.handler === handler).sort((a, b) => b.samples - a.samples)[0]
  const [video, audio] = [main('vide'), main('soun')]
  if (video === undefined) return false
  return showsNothing(video) || (audio !== undefined && showsNothing(audio) && showsAll(video))
}
