/** One entry of an edit list (ISO/IEC 14496-12, 8.6.6), in seconds. */
export type Edit = {
  /** How long it is shown; undefined for all ones. */
  readonly seconds: number | undefined
  /** Where in the media it begins; undefined for an empty stretch. */
  readonly mediaStart: number | undefined
}

/** Editors write some hundred. */
const MAX_EDITS = 10_000

type Scales = { readonly movieScale: number; readonly mediaScale: number }

/** @param elst The body of the box. */
export const parseEdits = (elst: Buffer | undefined, { movieScale, mediaScale }: Scales): Edit[] => {
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

type Edited = {
  readonly edits: readonly Edit[]
  readonly sampleSeconds: number | undefined
  readonly samples: number
}

/** Seconds of a track that its edit list shows; undefined where that cannot be told. */
export const secondsShown = ({ edits, sampleSeconds }: Edited): number | undefined => {
  if (edits.length === 0 || sampleSeconds === undefined) return undefined
  return edits.reduce((sum, { seconds = sampleSeconds, mediaStart }) => {
    const left = mediaStart === undefined ? 0 : Math.max(0, sampleSeconds - mediaStart)
    return sum + Math.min(seconds, left)
  }, 0)
}

/** True where an edit list shows less than one sample of a track that has several: it is broken. */
export const showsNothing = (track: Edited): boolean => {
  const shown = secondsShown(track)
  const { samples, sampleSeconds = 0 } = track
  return shown !== undefined && samples > 1 && shown < sampleSeconds / samples
}

/** True where an edit list leaves out no more than an encoder's first samples: it may be ignored. */
export const showsAll = (track: Edited): boolean => {
  const shown = secondsShown(track)
  return shown === undefined || (track.edits.length === 1 && (track.sampleSeconds ?? 0) - shown < 0.5)
}
