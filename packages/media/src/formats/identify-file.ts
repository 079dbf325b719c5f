import type { InputFormat } from '@kinoprint/core'
import { withInput } from '../process/open-input.ts'

/** What a file is by its first bytes. No program has opened it yet. */
export type FileType =
  | { readonly kind: 'video'; readonly format: InputFormat }
  /** A still picture, or sound without a container that could hold video. */
  | { readonly kind: 'picture' | 'sound' | 'other'; readonly title: string }
  | { readonly kind: 'unknown' }

/** MXF may begin with up to 64 kB of other data (SMPTE ST 377-1, 6.5). */
const HEAD_BYTES = 64 * 1024

/** Types of the first box of an MP4 or QuickTime file. */
const FIRST_BOXES = [
  ...['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'],
  ...['styp', 'uuid', 'sidx', 'moof'],
]

/** First bytes as hexadecimal digits; a dot stands for any digit. */
const VIDEO_SIGNATURES: readonly (readonly [string, InputFormat])[] = [
  ['464c5601', 'flv'],
  ['3026b2758e66cf11a6d900aa0062ce6c', 'asf'],
  ['4f67675300', 'ogg'],
  ['000001ba', 'mpegps'],
  ['52494646........41564920', 'avi'],
  ['52494646........41564958', 'avi'],
]

/** Brands of pictures in MP4 boxes. */
const PICTURE_BRANDS: Readonly<Record<string, string>> = {
  avif: 'an AVIF picture',
  heic: 'a HEIC picture',
  heix: 'a HEIC picture',
  mif1: 'a HEIF picture',
}

const OTHER_SIGNATURES: readonly (readonly [string, 'picture' | 'sound' | 'other', string])[] = [
  ['ffd8ff', 'picture', 'a JPEG picture'],
  ['89504e470d0a1a0a', 'picture', 'a PNG picture'],
  ['47494638', 'picture', 'a GIF picture'],
  ['52494646........57454250', 'picture', 'a WebP picture'],
  ['52494646........57415645', 'sound', 'a WAV file'],
  ['664c6143', 'sound', 'a FLAC file'],
  ['494433', 'sound', 'an MP3 file'],
  ['000001b3', 'other', 'a raw MPEG stream'],
  [Buffer.from('#EXTM3U').toString('hex'), 'other', 'a playlist'],
]

const MXF_PARTITION = Buffer.from('060e2b34020501010d010201', 'hex')
const EBML = '1a45dfa3'
/** Bytes of a packet: plain, with a time code before it (M2TS), with error correction after it. */
const TS_PACKET_SIZES = [188, 192, 204]
const TS_SYNC = 0x47
/** Sync bytes in a row that noise does not have. */
const TS_PACKETS = 8
/** A shorter file holds no picture. */
const MIN_TS_PACKETS = 4

/** Reads the first 64 kB of a local file and tells its format. Throws as withInput. */
export function identifyFile(path: string): Promise<FileType> {
  return withInput(path, async ({ handle }) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return identifyBytes(buffer.subarray(0, bytesRead))
  })
}

/** @param head The first 64 kB of a file, or all of a shorter one. */
export function identifyBytes(head: Buffer): FileType {
  const firstBox = head.toString('latin1', 4, 8)
  const brand = PICTURE_BRANDS[head.toString('latin1', 8, 12)]
  if (firstBox === 'ftyp' && brand !== undefined) return { kind: 'picture', title: brand }
  if (FIRST_BOXES.includes(firstBox)) return { kind: 'video', format: 'mp4' }
  const hex = head.toString('hex', 0, 32)
  const other = OTHER_SIGNATURES.find(([signature]) => matches(hex, signature))
  if (other !== undefined) return { kind: other[1], title: other[2] }
  const known = VIDEO_SIGNATURES.find(([signature]) => matches(hex, signature))
  if (known !== undefined) return { kind: 'video', format: known[1] }
  if (matches(hex, EBML)) return identifyEbml(head)
  if (head.includes(MXF_PARTITION)) return { kind: 'video', format: 'mxf' }
  if (isTransportStream(head)) return { kind: 'video', format: 'mpegts' }
  if (head.length > 0 && /^[\t\n\r\x20-\x7e]*$/.test(head.toString('latin1', 0, 64)))
    return { kind: 'other', title: 'text' }
  return { kind: 'unknown' }
}

function matches(hex: string, signature: string): boolean {
  return [...signature].every((digit, n) => digit === '.' || digit === hex[n])
}

/** The document type is in the first element, which is short. */
function identifyEbml(head: Buffer): FileType {
  const start = head.toString('latin1', 0, 256)
  if (/matroska|webm/.test(start)) return { kind: 'video', format: 'matroska' }
  return { kind: 'other', title: 'an EBML document' }
}

/** A recording may begin in the middle of a packet. */
function isTransportStream(head: Buffer): boolean {
  return TS_PACKET_SIZES.some((size) => {
    const packets = Math.min(TS_PACKETS, Math.floor(head.length / size))
    if (packets < MIN_TS_PACKETS) return false
    return Array.from({ length: size }, (_, first) => first).some((first) =>
      Array.from({ length: packets }, (_, n) => first + n * size).every((at) => head[at] === TS_SYNC),
    )
  })
}
