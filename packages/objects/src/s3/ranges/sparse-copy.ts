import { type FileHandle, open } from 'node:fs/promises'
import type { S3 } from '@aws-sdk/client-s3'
import type { Fault } from '@kinoprint/core'
import type { ObjectHead } from '../../object-store.ts'
import { copyBytes } from '../copy-bytes.ts'
import { asS3Fault } from '../s3-client.ts'

/** Bytes. Fetched at once at least: a request costs as much time as some hundred kB. */
const BLOCK_BYTES = 1024 ** 2
/** Blocks fetched ahead at most while a program reads on. */
const MAX_READ_AHEAD = 4
/** Blocks of one request when all the rest is fetched. */
const MAX_RUN = 64
/** Below the time after which a silent ffprobe is stopped, so that the store is blamed and not the video. */
const STALL_MS = 10_000
const MAX_FRUITLESS = 2

export type SparseCopyOptions = {
  readonly bucket: string
  readonly object: string
  readonly head: ObjectHead
  /** Path of the copy, which must not exist yet. */
  readonly path: string
  readonly signal?: AbortSignal | undefined
  /** Milliseconds. A connection without a byte for this long counts as broken. Default: 10 s. */
  readonly stallMs?: number | undefined
}

/** A local copy of one version of an object that fetches each block when it is first read, and once. */
export class SparseCopy {
  readonly size: number
  readonly #s3: S3
  readonly #options: SparseCopyOptions
  readonly #file: FileHandle
  readonly #stopping = new AbortController()
  readonly #blocks = new Map<number, Promise<void>>()
  #readAhead = 1
  /** The block after those fetched last. */
  #next = -1
  #failure: Fault | undefined

  static async open(s3: S3, options: SparseCopyOptions): Promise<SparseCopy> {
    const file = await open(options.path, 'wx+', 0o600)
    await file.truncate(options.head.size)
    return new SparseCopy(s3, options, file)
  }

  private constructor(s3: S3, options: SparseCopyOptions, file: FileHandle) {
    this.#s3 = s3
    this.#options = options
    this.#file = file
    this.size = options.head.size
  }

  /** Why bytes could not be fetched. Nothing is fetched after that. */
  get failure(): Fault | undefined {
    return this.#failure
  }

  /** Reads up to `length` bytes, fewer at the end of the object. Throws the Fault of copyBytes. */
  async read(position: number, length: number): Promise<Buffer> {
    const end = Math.min(this.size, position + length)
    if (end <= position) return Buffer.alloc(0)
    const last = Math.floor((end - 1) / BLOCK_BYTES)
    for (let block = Math.floor(position / BLOCK_BYTES); block <= last; block++)
      await (this.#blocks.get(block) ?? this.#fetchFrom(block))
    const { buffer, bytesRead } = await this.#file.read(
      Buffer.alloc(end - position),
      0,
      end - position,
      position,
    )
    return buffer.subarray(0, bytesRead)
  }

  /** Fetches everything that is missing. */
  async complete(): Promise<void> {
    for (let block = 0; block * BLOCK_BYTES < this.size; block++)
      await (this.#blocks.get(block) ?? this.#fetchRun(block, MAX_RUN))
  }

  /** Stops fetching and closes the copy; the caller removes it. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#blocks.values())
    await this.#file.close()
  }

  #fetchFrom(block: number): Promise<void> {
    // Longer requests while a program reads on, one block after it has jumped.
    this.#readAhead = block === this.#next ? Math.min(MAX_READ_AHEAD, 2 * this.#readAhead) : 1
    return this.#fetchRun(block, this.#readAhead)
  }

  #fetchRun(first: number, maxBlocks: number): Promise<void> {
    let end = first
    while (end < first + maxBlocks && end * BLOCK_BYTES < this.size && !this.#blocks.has(end)) end += 1
    this.#next = end
    const fetching = this.#fetch(first * BLOCK_BYTES, Math.min(this.size, end * BLOCK_BYTES))
    // Each reader of a block meets its failure.
    fetching.catch(() => undefined)
    for (let block = first; block < end; block++) this.#blocks.set(block, fetching)
    return fetching
  }

  async #fetch(from: number, to: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const { bucket, object, head, signal, stallMs = STALL_MS } = this.#options
    const { signal: stopping } = this.#stopping
    try {
      await copyBytes(this.#s3, {
        ...{ bucket, object, head, file: this.#file, from, to, stallMs, maxFruitless: MAX_FRUITLESS },
        signal: signal === undefined ? stopping : AbortSignal.any([signal, stopping]),
      })
    } catch (error) {
      const fault = asS3Fault(error, bucket, object)
      if (!stopping.aborted) this.#failure ??= fault
      throw fault
    }
  }
}
