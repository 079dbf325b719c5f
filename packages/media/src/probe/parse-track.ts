import { knownDuration } from './known-duration.ts'
import { boxesIn, childOf, descendantOf } from './parse-boxes.ts'
import { type Edit, parseEdits } from './parse-edits.ts'

/** What the index of an MP4 says of one track. */
export type Track = {
  readonly id: number
  /** `vide`, `soun` and others. */
  readonly handler: string
  readonly isEnabled: boolean
  /** Clockwise, by the matrix of the track's header. */
  readonly rotationDegrees: number
  /** Units a second of the track's own times; 0 where unknown. */
  readonly scale: number
  /** The length that the media header states in seconds; undefined where it says "unknown". */
  readonly claimedSeconds: number | undefined
  /** What the sample table adds up to; undefined without one, as in fragmented files. */
  readonly sampleSeconds: number | undefined
  readonly samples: number
  /** Bytes of all samples. */
  readonly sampleBytes: number
  /** Units that a sample of a fragment lasts where the fragment does not say. */
  readonly fragmentSampleUnits: number
  readonly edits: readonly Edit[]
  readonly isEncrypted: boolean
}

export type Around = {
  /** Units a second of the movie's times. */
  readonly movieScale: number
  /** The box mvex of a fragmented movie. */
  readonly extension: Buffer | undefined
}

/** Sample entries whose content is encrypted: Common Encryption, and what the iTunes store sold. */
const ENCRYPTED = new Set(['encv', 'enca', 'encs', 'enct', 'encu', 'drmi', 'drms', 'drmt'])

/** @param trak The body of the box. */
export const parseTrack = (trak: Buffer, { movieScale, extension }: Around): Track => {
  const { id, isEnabled, rotationDegrees } = parseTrackHeader(childOf(trak, 'tkhd'))
  const media = childOf(trak, 'mdia')
  const { scale, claimedSeconds } = parseMediaHeader(media && childOf(media, 'mdhd'))
  const table = media && descendantOf(media, 'minf', 'stbl')
  const { samples, units } = sumTimes(table && childOf(table, 'stts'))
  return {
    id,
    handler: (media && childOf(media, 'hdlr'))?.toString('latin1', 8, 12) ?? '',
    isEnabled,
    rotationDegrees,
    scale,
    claimedSeconds,
    sampleSeconds: units > 0 && scale > 0 ? units / scale : undefined,
    samples,
    sampleBytes: sumSizes(table && childOf(table, 'stsz')),
    fragmentSampleUnits: defaultUnits(extension, id),
    edits: parseEdits(descendantOf(trak, 'edts', 'elst'), { movieScale, mediaScale: scale }),
    isEncrypted: isEncrypted(table && childOf(table, 'stsd')),
  }
}

/** ISO/IEC 14496-12, 8.3.2. */
const parseTrackHeader = (tkhd: Buffer | undefined) => {
  if (tkhd === undefined || tkhd.length < 84) return { id: 0, isEnabled: true, rotationDegrees: 0 }
  const later = tkhd.readUInt8(0) === 1 ? 12 : 0
  const [a, b] =
    tkhd.length < 60 + later ? [1, 0] : [tkhd.readInt32BE(40 + later), tkhd.readInt32BE(44 + later)]
  const degrees = a === 0 && b === 0 ? 0 : Math.round((Math.atan2(b, a) * 180) / Math.PI)
  return {
    id: tkhd.readUInt32BE(later === 0 ? 12 : 20),
    isEnabled: (tkhd.readUInt8(3) & 1) === 1,
    rotationDegrees: (degrees + 360) % 360,
  }
}

/** ISO/IEC 14496-12, 8.4.2. */
const parseMediaHeader = (mdhd: Buffer | undefined) => {
  if (mdhd === undefined || mdhd.length < 20) return { scale: 0, claimedSeconds: undefined }
  const isLong = mdhd.readUInt8(0) === 1
  const scale = mdhd.length < 24 && isLong ? 0 : mdhd.readUInt32BE(isLong ? 20 : 12)
  return { scale, claimedSeconds: knownDuration(mdhd, { at: isLong ? 24 : 16, isLong, scale }) }
}

/** Counts the samples of stts (8.6.1.2) and adds up their times. */
const sumTimes = (stts: Buffer | undefined): { samples: number; units: number } => {
  let [samples, units] = [0, 0]
  for (let at = 8; stts !== undefined && at + 8 <= stts.length; at += 8) {
    const count = stts.readUInt32BE(at)
    samples += count
    // Negative ones are written by some; ffmpeg takes them for 1.
    units += count * Math.max(0, stts.readInt32BE(at + 4))
  }
  return { samples, units }
}

const sumSizes = (stsz: Buffer | undefined): number => {
  if (stsz === undefined || stsz.length < 12) return 0
  const [size, count] = [stsz.readUInt32BE(4), stsz.readUInt32BE(8)]
  if (size > 0) return size * count
  let sum = 0
  for (let at = 12; at + 4 <= stsz.length; at += 4) sum += stsz.readUInt32BE(at)
  return sum
}

/** From the box trex (8.8.3) of this track. */
const defaultUnits = (extension: Buffer | undefined, id: number): number => {
  const trex = extension === undefined ? [] : boxesIn(extension).filter(({ type }) => type === 'trex')
  const own = trex.find(({ body }) => body.length >= 16 && body.readUInt32BE(4) === id)
  return own?.body.readUInt32BE(12) ?? 0
}

/** A track encrypted in part has several sample entries. A scheme whose default is "not protected" is clear. */
const isEncrypted = (stsd: Buffer | undefined): boolean =>
  stsd !== undefined &&
  boxesIn(stsd.subarray(8)).some(({ type, body }) => {
    const scheme = body.indexOf('tenc', 0, 'latin1')
    const isClear = scheme !== -1 && scheme + 10 < body.length && body.readUInt8(scheme + 10) === 0
    return ENCRYPTED.has(type) && !isClear
  })
