import { createHash, hash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenFile } from './open-file.ts'

/** Maximum number of cached ETags, about 200 bytes each. */
const MAX_ENTRIES = 20_000
const CHUNK_BYTES = 1 << 20

type Entry = { readonly version: string; readonly etag: string }

/** Changes whenever the content changes. */
function versionOf({ size, mtimeNs, ino, dev }: BigIntStats): string {
  return `${size}.${mtimeNs}.${ino}.${dev}`
}

/** Name of the file that keeps an ETag. Without the device, which differs between machines that share a folder. */
function keptNameOf({ size, mtimeNs, ino }: BigIntStats): string {
  return hash('sha256', `${size}.${mtimeNs}.${ino}`)
}

type Kept = { readonly path: string; readonly etag: string }

/**
 * ETags of files: the MD5 of the content, cached until the file changes. An upload in parts has another ETag, which does
 * not follow from the content. A file in `keptDir` keeps it.
 */
export class EtagCache {
  readonly #keptDir: string
  readonly #entries = new Map<string, Entry>()
  readonly #running = new Map<string, Promise<string>>()

  constructor(keptDir: string) {
    this.#keptDir = keptDir
  }

  /** Returns the ETag if it is cached. */
  peek(path: string, stats: BigIntStats): string | undefined {
    const entry = this.#entries.get(path)
    return entry?.version === versionOf(stats) ? entry.etag : undefined
  }

  /** Caches an ETag that was computed while the file was written. */
  set(path: string, stats: BigIntStats, etag: string): void {
    this.#entries.delete(path)
    this.#entries.set(path, { version: versionOf(stats), etag })
    const oldest = this.#entries.keys().next().value
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Keeps an ETag that does not follow from the content, for all processes that use this folder. */
  async keep(path: string, stats: BigIntStats, etag: string): Promise<void> {
    await mkdir(this.#keptDir, { recursive: true, mode: 0o700 })
    const kept: Kept = { path, etag }
    await writeFile(join(this.#keptDir, keptNameOf(stats)), JSON.stringify(kept), { mode: 0o600 })
    this.set(path, stats, etag)
  }

  async #kept(stats: BigIntStats): Promise<Kept | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#keptDir, keptNameOf(stats)), 'utf8')) as Kept
    } catch {
      return undefined
    }
  }

  /** Removes kept ETags of files that no longer exist or have changed. Returns their number. */
  async sweep(): Promise<number> {
    let removed = 0
    for (const name of await readdir(this.#keptDir).catch(() => [])) {
      if (await this.#isCurrent(name)) continue
      await rm(join(this.#keptDir, name), { force: true })
      removed += 1
    }
    return removed
  }

  async #isCurrent(name: string): Promise<boolean> {
    try {
      const { path } = JSON.parse(await readFile(join(this.#keptDir, name), 'utf8')) as Kept
      return keptNameOf(await stat(path, { bigint: true })) === name
    } catch {
      return false
    }
  }

  /**
   * Returns the ETag, computed from the open file if necessary. Concurrent calls for one file share the computation.
   */
  async get(file: OpenFile, signal?: AbortSignal): Promise<string> {
    const { path, stats } = file
    const cached = this.peek(path, stats)
    if (cached !== undefined) return cached
    const key = `${path}\0${versionOf(stats)}`
    const running = this.#running.get(key)
    if (running !== undefined) return running
    const computing = this.#compute(file, signal)
    // A computation that one caller may abort is not shared.
    if (signal !== undefined) return computing
    this.#running.set(key, computing)
    return computing.finally(() => this.#running.delete(key))
  }

  async #compute({ path, stats, handle }: OpenFile, signal?: AbortSignal): Promise<string> {
    const kept = await this.#kept(stats)
    const etag = kept?.etag ?? `"${await md5(handle, signal)}"`
    // If the file changed during the computation, the ETag matches no content and is not cached.
    if (versionOf(await handle.stat({ bigint: true })) === versionOf(stats)) this.set(path, stats, etag)
    return etag
  }
}

/**
 * Derives an ETag from size and modification time, for a file that is too large to read. Changes when the file changes.
 */
export function etagFromStats(stats: BigIntStats): string {
  return `"${createHash('md5').update(versionOf(stats)).digest('hex')}-0"`
}

async function md5(file: FileHandle, signal?: AbortSignal): Promise<string> {
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
