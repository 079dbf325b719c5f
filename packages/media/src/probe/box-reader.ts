import type { ByteSource } from '../process/open-input.ts'
import { refusal } from './refusal.ts'

/**
 * Maximum number of boxes, at the top level and in the index combined. A packager that writes a fragment for each frame
 * of half an hour at 60 fps makes 216,000; a chain of empty boxes holds 131,072 per MiB.
 */
const MAX_BOXES = 250_000
/** Adjacent boxes are read together; the content of a longer one is skipped. */
const CHUNK_BYTES = 64 * 1024
const FAR_BYTES = 64

export type FoundBox = {
  readonly type: string
  /** Offsets in the file: of the box, of its content, and of the first byte after it. */
  readonly from: number
  readonly content: number
  readonly to: number
}

export type BoxReaderOptions = {
  /** Size of the file, in bytes. */
  readonly size: number
  readonly signal: AbortSignal | undefined
}

/** Reads the boxes of one file (ISO/IEC 14496-12, 4.2), up to a maximum number. */
export class BoxReader {
  readonly size: number
  readonly #handle: ByteSource
  readonly #signal: AbortSignal | undefined
  #left = MAX_BOXES
  #chunk: Buffer = Buffer.alloc(0)
  #chunkAt = 0

  constructor(handle: ByteSource, { size, signal }: BoxReaderOptions) {
    this.#handle = handle
    this.size = size
    this.#signal = signal
  }

  /** Reads up to `length` bytes, fewer at the end of the file. Valid until the next call. */
  async bytes(position: number, length: number): Promise<Buffer> {
    const isBuffered = position >= this.#chunkAt && position + length <= this.#chunkAt + this.#chunk.length
    if (!isBuffered) {
      this.#signal?.throwIfAborted()
      const isNear = position >= this.#chunkAt && position <= this.#chunkAt + this.#chunk.length
      const wanted = Math.max(length, isNear ? CHUNK_BYTES : FAR_BYTES)
      const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(wanted), 0, wanted, position)
      this.#chunk = buffer.subarray(0, bytesRead)
      this.#chunkAt = position
    }
    const start = position - this.#chunkAt
    return this.#chunk.subarray(start, start + length)
  }

  /** Yields the consecutive boxes between two offsets, up to the first malformed one. */
  async *boxes(from: number, to: number): AsyncGenerator<FoundBox> {
    for (let at = from; at + 8 <= to; ) {
      const box = parseBoxHeader(await this.bytes(at, 16), to - at)
      if (box === undefined) return
      if (this.#left === 0) {
        throw refusal(`The file has more than ${MAX_BOXES} boxes.`, 'Re-encode the file.')
      }
      this.#left -= 1
      const { type, length, headerLength } = box
      yield { type, from: at, content: at + headerLength, to: at + length }
      at += length
    }
  }
}

type BoxHeader = { readonly type: string; readonly length: number; readonly headerLength: 8 | 16 }

/** Length 1 means that a 64-bit length follows; length 0 means "up to the end of the file". */
function parseBoxHeader(bytes: Buffer, remaining: number): BoxHeader | undefined {
  if (bytes.length < 8) return undefined
  const type = bytes.toString('latin1', 4, 8)
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined
  const short = bytes.readUInt32BE(0)
  if (short === 0) return { type, length: remaining, headerLength: 8 }
  if (short !== 1) return short < 8 ? undefined : { type, length: short, headerLength: 8 }
  if (bytes.length < 16) return undefined
  const length = Number(bytes.readBigUInt64BE(8))
  return length < 16 ? undefined : { type, length, headerLength: 16 }
}
