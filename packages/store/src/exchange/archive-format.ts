import { createHash } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import type { ByteSource } from './byte-source.ts'
import { DESCRIPTION_BYTES_MAX, FINGERPRINT_BYTES_MAX, parseDescription } from './portable-video.ts'

/** As that of a fingerprint file, with L for library. */
const MAGIC = Uint8Array.of(0x89, 0x4b, 0x46, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a)
const VERSION = 1
const CHECKSUM_BYTES = 32
const LENGTHS_BYTES = 8

/** Where a library file stands after a record. Its continuation needs both. */
export type ArchivePosition = {
  /** SHA-256 over the record and the checksum before it, so that a record cannot be removed or moved. */
  readonly checksum: Buffer
  /** Number of videos so far. */
  readonly count: number
}

export type ArchiveRecord = ArchivePosition & {
  readonly description: unknown
  readonly data: Uint8Array
  /** Bytes of the file up to the end of the record. */
  readonly end: number
}

export type ArchiveHeader = { readonly library: unknown; readonly checksum: Buffer; readonly end: number }

/** The first bytes of a library file. */
export function encodeHeader(library: object): { readonly bytes: Buffer; readonly checksum: Buffer } {
  const description = Buffer.from(JSON.stringify(library))
  const head = Buffer.alloc(MAGIC.length + 1 + 4)
  head.set(MAGIC)
  head.writeUInt8(VERSION, MAGIC.length)
  head.writeUInt32BE(description.length, MAGIC.length + 1)
  const content = Buffer.concat([head, description])
  const checksum = chained(null, content)
  return { bytes: Buffer.concat([content, checksum]), checksum }
}

/** One video of a library file. */
export function encodeRecord(
  previous: ArchivePosition,
  description: object,
  data: Uint8Array,
): { readonly bytes: Buffer; readonly position: ArchivePosition } {
  const json = Buffer.from(JSON.stringify(description))
  const content = Buffer.concat([lengthsOf(json.length, data.length), json, data])
  const checksum = chained(previous.checksum, content)
  return {
    bytes: Buffer.concat([content, checksum]),
    position: { checksum, count: previous.count + 1 },
  }
}

/** The last bytes of a library file. */
export function encodeEnd({ checksum, count }: ArchivePosition): Buffer {
  const content = lengthsOf(0, count)
  return Buffer.concat([content, chained(checksum, content)])
}

/** Throws Fault InvalidContent for other bytes, a damaged or incomplete header, and a newer version. */
export async function readHeader(source: ByteSource): Promise<ArchiveHeader> {
  const head = await source.take(MAGIC.length + 1)
  if (head === null || !head.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Fault(
      'InvalidContent',
      'This is not a library file. Write one with: kinoprint admin export LIBRARY films.kfl',
    )
  const version = head[MAGIC.length]
  if (version !== VERSION)
    throw new Fault(
      'InvalidContent',
      `The library file has version ${version}. This program reads version ${VERSION}: update it, or export the library with this version.`,
    )
  const length = orCutShort(await source.take(4))
  const bytes = length.readUInt32BE()
  if (bytes > DESCRIPTION_BYTES_MAX) throw damagedArchive(0)
  const description = orCutShort(await source.take(bytes))
  const checksum = orCutShort(await source.take(CHECKSUM_BYTES))
  if (!chained(null, Buffer.concat([head, length, description])).equals(checksum)) throw damagedArchive(0)
  return { library: parseDescription(description), checksum, end: source.position }
}

/**
 * Reads the videos of a library file up to its end. Throws Fault InvalidContent at the first record that is damaged or cut
 * short; those before it are intact.
 */
export async function* readRecords(
  source: ByteSource,
  start: Pick<ArchivePosition, 'checksum'>,
): AsyncGenerator<ArchiveRecord, void> {
  let { checksum } = start
  for (let count = 1; ; count++) {
    const lengths = orCutShort(await source.take(LENGTHS_BYTES))
    const [descriptionBytes, dataBytes] = [lengths.readUInt32BE(0), lengths.readUInt32BE(4)]
    const isEnd = descriptionBytes === 0
    if (descriptionBytes > DESCRIPTION_BYTES_MAX || (!isEnd && dataBytes > FINGERPRINT_BYTES_MAX))
      throw damagedArchive(count)
    const content = isEnd ? Buffer.alloc(0) : orCutShort(await source.take(descriptionBytes + dataBytes))
    const stated = orCutShort(await source.take(CHECKSUM_BYTES))
    checksum = chained(checksum, lengths, content)
    if (!checksum.equals(stated)) throw damagedArchive(count)
    if (isEnd) {
      if (dataBytes !== count - 1 || !(await source.isAtEnd())) throw damagedArchive(count)
      return
    }
    const description = parseDescription(content.subarray(0, descriptionBytes))
    const data = content.subarray(descriptionBytes)
    yield { description, data, checksum, count, end: source.position }
  }
}

function lengthsOf(first: number, second: number): Buffer {
  const bytes = Buffer.alloc(LENGTHS_BYTES)
  bytes.writeUInt32BE(first, 0)
  bytes.writeUInt32BE(second, 4)
  return bytes
}

function chained(previous: Buffer | null, ...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  if (previous !== null) hash.update(previous)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function orCutShort(bytes: Buffer | null): Buffer {
  if (bytes !== null) return bytes
  throw new Fault('InvalidContent', 'The library file is cut short. Copy it again, or export again.')
}

function damagedArchive(count: number): Fault {
  const where = count === 0 ? 'in its first bytes' : `at video ${count}`
  return new Fault('InvalidContent', `The library file is damaged ${where}. Copy it again.`)
}
