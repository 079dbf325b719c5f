import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { OpenFile } from './open-file.ts'

/** Files whose ETag is remembered; about 200 bytes each. */
const MAX_ENTRIES = 20_000
const CHUNK_BYTES = 1 << 20

type Entry = { readonly mark: string; readonly etag: string }

/** What changes whenever the content does. */
const markOf = ({ size, mtimeNs, ino, dev }: BigIntStats): string => `${size}.${mtimeNs}.${ino}.${dev}`

/** ETags of files: the MD5 of the content, remembered until the file changes. */
export class EtagCache {
  readonly #entries = new Map<string, Entry>()
  readonly #running = new Map<string, Promise<string>>()

  /** The ETag if it is known already. */
  peek(path: string, stats: BigIntStats): string | undefined {
    const entry = this.#entries.get(path)
    return entry?.mark === markOf(stats) ? entry.etag : undefined
  }

  /** Remembers an ETag that was computed while the file was written. */
  remember(path: string, stats: BigIntStats, etag: string): void {
    this.#entries.delete(path)
    this.#entries.set(path, { mark: markOf(stats), etag })
    const oldest = this.#entries.keys().next().value
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest)
  }

  /** The ETag, read from the open file if need be; callers that ask at the same time share one reading. */
  async of(file: OpenFile, signal?: AbortSignal): Promise<string> {
    const { path, stats } = file
    const known = this.peek(path, stats)
    if (known !== undefined) return known
    const key = `${path}\0${markOf(stats)}`
    const running = this.#running.get(key)
    // A reading that may be aborted belongs to one caller alone.
    if (running !== undefined) return running
    const reading = this.#read(file, signal)
    if (signal !== undefined) return reading
    this.#running.set(key, reading)
    return reading.finally(() => this.#running.delete(key))
  }

  async #read({ path, stats, handle }: OpenFile, signal?: AbortSignal): Promise<string> {
    const etag = `"${await md5(handle, signal)}"`
    // The ETag of a file that was written to meanwhile is not remembered: it fits no content.
    if (markOf(await handle.stat({ bigint: true })) === markOf(stats)) this.remember(path, stats, etag)
    return etag
  }
}

/** Stands for the content of a file that is too large to be read for its ETag; changes when the file changes. */
export const etagOfMark = (stats: BigIntStats): string =>
  `"${createHash('md5').update(markOf(stats)).digest('hex')}-0"`

const md5 = async (file: FileHandle, signal?: AbortSignal): Promise<string> => {
  const hash = createHash('md5')
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = 0; ; ) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, at)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
}
