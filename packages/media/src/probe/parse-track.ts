import { type Edit, parseEdits } from './edit-lists.ts'
import { boxesIn, childOf, descendantOf, readDuration } from './parse-boxes.ts'

/** Content of an MP4 index about one track. */
export type Track = {
  readonly id: number
  /** `vide`, `soun` and others. */
  readonly handler: string
  readonly isEnabled: boolean
  /** Clockwise, from the matrix in the track header. */
  readonly rotationDegrees: number
  /** Units per second of the track's timestamps; 0 if unknown. */
  readonly scale: number
  /** The length in the media header, in seconds; undefined if it states "unknown". */
  readonly statedSeconds: number | undefined
  /** Sum of the sample durations in the sample table; undefined without one, as in fragmented files. */
  readonly sampleSeconds: number | undefined
  readonly samples: number
  /** Total size of all samples, in bytes. */
  readonly sampleBytes: number
  /** Default length of a sample in a fragment, in units. */
  readonly fragmentSampleUnits: number
  readonly edits: readonly Edit[]
  readonly isEncrypted: boolean
}

export type TrackContext = {
  /** Units per second of the movie's times. */
  readonly movieScale: number
  /** The box mvex of a fragmented movie. */
  readonly extension: Buffer | undefined
}

/** Sample entries of encrypted content: Common Encryption, and the iTunes store's own. */
const ENCRYPTED = new Set(['encv', 'enca', 'encs', 'enct', 'encu', 'drmi', 'drms', 'drmt'])

/** @param trak The body of the box. */
export function parseTrack(trak: Buffer, { movieScale, extension }: TrackContext): Track {
  const { id, isEnabled, rotationDegrees } = parseTrackHeader(childOf(trak, 'tkhd'))
  const media = childOf(trak, 'mdia')
  const { scale, statedSeconds } = parseMediaHeader(media && childOf(media, 'mdhd'))
  const table = media && descendantOf(media, 'minf', 'stbl')
  const { samples, units } = sumTimes(table && childOf(table, 'stts'))
  return {
    id,
    handler: (media && childOf(media, 'hdlr'))?.toString('latin1', 8, 12) ?? '',
    isEnabled,
    rotationDegrees,
    scale,
    statedSeconds,
    sampleSeconds: units > 0 && scale > 0 ? units / scale : undefined,
    samples,
    sampleBytes: sumSizes(table && childOf(table, 'stsz')),
    fragmentSampleUnits: defaultSampleUnits(extension, id),
    edits: parseEdits(descendantOf(trak, 'edts', 'elst'), { movieScale, mediaScale: scale }),
    isEncrypted: isEncrypted(table && childOf(table, 'stsd')),
  }
}

/** ISO/IEC 14496-12, 8.3.2. */
function parseTrackHeader(tkhd: Buffer | undefined) {
  if (tkhd === undefined || tkhd.length < 84) return { id: 0, isEnabled: true, rotationDegrees: 0 }
  const shift = tkhd.readUInt8(0) === 1 ? 12 : 0
  const [a, b] =
    tkhd.length < 60 + shift ? [1, 0] : [tkhd.readInt32BE(40 + shift), tkhd.readInt32BE(44 + shift)]
  const degrees = a === 0 && b === 0 ? 0 : Math.round((Math.atan2(b, a) * 180) / Math.PI)
  return {
    id: tkhd.readUInt32BE(shift === 0 ? 12 : 20),
    isEnabled: (tkhd.readUInt8(3) & 1) === 1,
    rotationDegrees: (degrees + 360) % 360,
  }
}

/** ISO/IEC 14496-12, 8.4.2. */
function parseMediaHeader(mdhd: Buffer | undefined) {
  if (mdhd === undefined || mdhd.length < 20) return { scale: 0, statedSeconds: undefined }
  const isLong = mdhd.readUInt8(0) === 1
  const scale = mdhd.length < 24 && isLong ? 0 : mdhd.readUInt32BE(isLong ? 20 : 12)
  return { scale, statedSeconds: readDuration(mdhd, { at: isLong ? 24 : 16, isLong, scale }) }
}

/** Counts the samples of stts (8.6.1.2) and adds up their durations. */
function sumTimes(stts: Buffer | undefined): { samples: number; units: number } {
  let [samples, units] = [0, 0]
  for (let at = 8; stts !== undefined && at + 8 <= stts.length; at += 8) {
    const count = stts.readUInt32BE(at)
    samples += count
    // Some writers store negative durations; ffmpeg reads them as 1.
    units += count * Math.max(0, stts.readInt32BE(at + 4))
  }
  return { samples, units }
}

/** Adds up the sample sizes of stsz (8.7.3.2). */
function sumSizes(stsz: Buffer | undefined): number {
  if (stsz === undefined || stsz.length < 12) return 0
  const [size, count] = [stsz.readUInt32BE(4), stsz.readUInt32BE(8)]
  if (size > 0) return size * count
  let sum = 0
  for (let at = 12; at + 4 <= stsz.length; at += 4) sum += stsz.readUInt32BE(at)
  return sum
}

/** From the box trex (8.8.3) of this track. */
function defaultSampleUnits(extension: Buffer | undefined, id: number): number {
  const trex = extension === undefined ? [] : boxesIn(extension).filter(({ type }) => type === 'trex')
  const own = trex.find(({ body }) => body.length >= 16 && body.readUInt32BE(4) === id)
  return own?.body.readUInt32BE(12) ?? 0
}

/** A partly encrypted track has several sample entries. A scheme whose default is "not protected" is clear. */
function isEncrypted(stsd: Buffer | undefined): boolean {
  if (stsd === undefined) return false
  return boxesIn(stsd.subarray(8)).some(({ type, body }) => {
    const scheme = body.indexOf('tenc', 0, 'latin1')
    const isClear = scheme !== -1 && scheme + 10 < body.length && body.readUInt8(scheme + 10) === 0
    return ENCRYPTED.has(type) && !isClear
  })
}
