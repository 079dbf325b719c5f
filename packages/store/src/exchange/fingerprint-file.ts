import { createHash } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import {
  checkVideo,
  DESCRIPTION_BYTES_MAX,
  damaged,
  describeVideo,
  FINGERPRINT_BYTES_MAX,
  type PortableVideo,
  parseDescription,
} from './portable-video.ts'

/** As in PNG, a byte above 127 and two line ends show damage by a transfer of text. */
const MAGIC = Uint8Array.of(0x89, 0x4b, 0x46, 0x50, 0x0d, 0x0a, 0x1a, 0x0a)
const VERSION = 1
/** Magic, version and two lengths. */
const HEAD_BYTES = MAGIC.length + 1 + 4 + 4
const CHECKSUM_BYTES = 32

/** The largest file that `decodeFingerprintFile` accepts. */
export const FINGERPRINT_FILE_BYTES_MAX =
  HEAD_BYTES + DESCRIPTION_BYTES_MAX + FINGERPRINT_BYTES_MAX + CHECKSUM_BYTES

/** Writes a fingerprint file (docs/fingerprint-files.md). Equal videos give equal bytes. */
export function encodeFingerprintFile(video: PortableVideo): Uint8Array {
  const description = Buffer.from(JSON.stringify(describeVideo(video)))
  const head = Buffer.alloc(HEAD_BYTES)
  head.set(MAGIC)
  head.writeUInt8(VERSION, MAGIC.length)
  head.writeUInt32BE(description.length, MAGIC.length + 1)
  head.writeUInt32BE(video.data.length, MAGIC.length + 5)
  const content = Buffer.concat([head, description, video.data])
  return Buffer.concat([content, sha256(content)])
}

/** Whether bytes begin as a fingerprint file does. */
export function isFingerprintFile(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte)
}

/**
 * Reads a fingerprint file, which may come from anyone.
 *
 * @throws Fault InvalidContent for other bytes, a file that was cut short or changed, and a newer version.
 */
export function decodeFingerprintFile(bytes: Uint8Array): PortableVideo {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isFingerprintFile(file))
    throw new Fault(
      'InvalidContent',
      'This is not a fingerprint file, nor a vPDQ hash. Make a file from a video: kinoprint fingerprint film.mp4 -o film.kfp',
    )
  const version = file[MAGIC.length]
  if (version !== undefined && version !== VERSION)
    throw new Fault(
      'InvalidContent',
      `The fingerprint file has version ${version}. This program reads version ${VERSION}: update it, or make the file again with this version.`,
    )
  if (file.length < HEAD_BYTES) throw cutShort()
  const descriptionBytes = file.readUInt32BE(MAGIC.length + 1)
  const dataBytes = file.readUInt32BE(MAGIC.length + 5)
  if (descriptionBytes > DESCRIPTION_BYTES_MAX) throw damaged('its description is too long')
  const dataAt = HEAD_BYTES + descriptionBytes
  const end = dataAt + dataBytes
  if (file.length < end + CHECKSUM_BYTES) throw cutShort()
  if (file.length > end + CHECKSUM_BYTES) throw damaged('bytes follow its end')
  if (!sha256(file.subarray(0, end)).equals(file.subarray(end)))
    throw damaged('its checksum does not match. Copy the file again')
  return checkVideo(parseDescription(file.subarray(HEAD_BYTES, dataAt)), file.subarray(dataAt, end))
}

/**
 * The ETag of a fingerprint that came without its file: from the fingerprint, so that equal ones are recognised and
 * none can claim the ETag of other content.
 */
export function etagOfFingerprint(data: Uint8Array): string {
  return `"kfp-${sha256(data).toString('hex').slice(0, 32)}"`
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function cutShort(): Fault {
  return new Fault('InvalidContent', 'The fingerprint file is cut short. Copy it again.')
}
