import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

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

  /** The ETag, read from the file if need be; who asks at the same time shares one reading. */
  async of(path: string, stats: BigIntStats, signal?: AbortSignal): Promise<string> {
    const known = this.peek(path, stats)
    if (known !== undefined) return known
    const key = `${path}\0${markOf(stats)}`
    const running = this.#running.get(key)
    // A reading that may be aborted belongs to one caller alone.
    if (running !== undefined) return running
    const reading = this.#read(path, stats, signal)
    if (signal !== undefined) return reading
    this.#running.set(key, reading)
    return reading.finally(() => this.#running.delete(key))
  }

  async #read(path: string, stats: BigIntStats, signal?: AbortSignal): Promise<string> {
    const file = await open(path, 'r')
    try {
      const etag = `"${await md5(file, signal)}"`
      // A file that was written to meanwhile has an ETag of no use to anybody: it is not remembered.
      if (markOf(await file.stat({ bigint: true })) === markOf(stats)) this.remember(path, stats, etag)
      return etag
    } finally {
      await file.close()
    }
  }
}

const md5 = async (file: FileHandle, signal?: AbortSignal): Promise<string> => {
  const hash = createHash('md5')
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
  }
}
