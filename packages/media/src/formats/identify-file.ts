import { withInput } from '../process/open-input.ts'
import type { Container, FileFormat } from './formats.ts'
import { isMp3 } from './mp3-frames.ts'

/** What a file is by its first bytes. No program has opened it yet. */
export type FileType =
  /** A container may hold video, or sound alone. */
  | { readonly kind: 'media'; readonly format: FileFormat }
  | { readonly kind: 'other'; readonly title: string }
  | { readonly kind: 'unknown' }

/** MXF may begin with up to 64 kB of other data (SMPTE ST 377-1, 6.5). */
const HEAD_BYTES = 64 * 1024

/** Types of the first box of an MP4 or QuickTime file. */
const FIRST_BOXES = [
  ...['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'],
  ...['styp', 'uuid', 'sidx', 'moof'],
]

/** First bytes as hexadecimal digits; a dot stands for any digit. */
const VIDEO_SIGNATURES: readonly (readonly [string, Container])[] = [
  ['464c5601', 'flv'],
  ['3026b2758e66cf11a6d900aa0062ce6c', 'asf'],
  ['4f67675300', 'ogg'],
  ['000001ba', 'mpegps'],
  ['52494646........41564920', 'avi'],
  ['52494646........41564958', 'avi'],
]

/** Pictures in MP4 boxes that are not read. */
const OTHER_BRANDS: Readonly<Record<string, string>> = {
  heic: 'a HEIC picture',
  heix: 'a HEIC picture',
  mif1: 'a HEIF picture',
}

const MEDIA_SIGNATURES: readonly (readonly [string, FileFormat])[] = [
  ['ffd8ff', 'jpeg'],
  ['89504e470d0a1a0a', 'png'],
  ['474946383761', 'gif'],
  ['474946383961', 'gif'],
  ['52494646........57454250', 'webp'],
  ['52494646........57415645', 'wav'],
  ['52463634........57415645', 'wav'],
  ['664c6143', 'flac'],
  ['494433', 'mp3'],
]

const OTHER_SIGNATURES: readonly (readonly [string, string])[] = [
  ['000001b3', 'a raw MPEG stream'],
  [Buffer.from('#EXTM3U').toString('hex'), 'a playlist'],
  ['49492a00', 'a TIFF picture'],
  ['4d4d002a', 'a TIFF picture'],
  [Buffer.from('8BPS').toString('hex'), 'a Photoshop document'],
  [Buffer.from('%PDF').toString('hex'), 'a PDF document'],
]
/** A WebP picture with this flag of its extended header moves; ffmpeg reads none of its frames. */
const WEBP_EXTENDED = 'VP8X'
const WEBP_ANIMATION = 0x02
export const ANIMATED_WEBP = 'an animated WebP picture'

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
  if (firstBox === 'ftyp') {
    const brand = head.toString('latin1', 8, 12)
    if (brand === 'avif') return { kind: 'media', format: 'avif' }
    const title = OTHER_BRANDS[brand]
    if (title !== undefined) return { kind: 'other', title }
  }
  if (FIRST_BOXES.includes(firstBox)) return { kind: 'media', format: 'mp4' }
  const hex = head.toString('hex', 0, 32)
  const other = OTHER_SIGNATURES.find(([signature]) => matches(hex, signature))
  if (other !== undefined) return { kind: 'other', title: other[1] }
  const known = [...MEDIA_SIGNATURES, ...VIDEO_SIGNATURES].find(([signature]) => matches(hex, signature))
  if (known?.[1] === 'webp' && isAnimatedWebp(head)) return { kind: 'other', title: ANIMATED_WEBP }
  if (known !== undefined) return { kind: 'media', format: known[1] }
  if (matches(hex, EBML)) return identifyEbml(head)
  if (head.includes(MXF_PARTITION)) return { kind: 'media', format: 'mxf' }
  if (isTransportStream(head)) return { kind: 'media', format: 'mpegts' }
  if (isMp3(head)) return { kind: 'media', format: 'mp3' }
  if (head.length > 0 && /^[\t\n\r\x20-\x7e]*$/.test(head.toString('latin1', 0, 64)))
    return { kind: 'other', title: 'text' }
  return { kind: 'unknown' }
}

function matches(hex: string, signature: string): boolean {
  return [...signature].every((digit, n) => digit === '.' || digit === hex[n])
}

function isAnimatedWebp(head: Buffer): boolean {
  return head.toString('latin1', 12, 16) === WEBP_EXTENDED && ((head[20] ?? 0) & WEBP_ANIMATION) !== 0
}

/** The document type is in the first element, which is short. */
function identifyEbml(head: Buffer): FileType {
  const start = head.toString('latin1', 0, 256)
  if (/matroska|webm/.test(start)) return { kind: 'media', format: 'matroska' }
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
