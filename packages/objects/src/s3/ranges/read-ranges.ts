import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { S3 } from '@aws-sdk/client-s3'
import type { Fault, Log } from '@kinoprint/core'
import type { LocalFile, ObjectHead, ReadPartsOptions } from '../../object-store.ts'
import { newTemporaryPath } from '../../temporary-folder.ts'
import { RangesUnsupported } from '../copy-bytes.ts'
import type { DiskSpace } from '../disk-space.ts'
import { download } from '../download.ts'
import { createRangeServer, type RangeServer } from './range-server.ts'
import { SparseCopy } from './sparse-copy.ts'

/** Bytes. A smaller object is copied with one request, which costs less than several. */
const MIN_BYTES = 16 * 1024 ** 2

export type RangeReaderOptions = {
  readonly temporaryFolder: string
  readonly diskSpace: DiskSpace
  /** False: objects are always copied whole. */
  readonly isEnabled: boolean
  /** Bytes. A smaller object is copied whole. Default: 16 MiB. */
  readonly minBytes?: number | undefined
  /** Milliseconds. See SparseCopy. */
  readonly stallMs?: number | undefined
  readonly log?: Log | undefined
}

type Source = {
  readonly bucket: string
  readonly object: string
  readonly head: ObjectHead
  readonly signal?: AbortSignal | undefined
}

type RangedCopy = {
  readonly path: string
  readonly address: string
  readonly copy: SparseCopy
  /** Stops serving it. The copy remains at `path`. */
  readonly close: () => Promise<void>
}

/** Lets programs read the parts of S3 objects that they ask for, and copies whole objects. */
export class RangeReader {
  readonly #options: RangeReaderOptions
  readonly #server: RangeServer = createRangeServer()
  /** Whether the store has answered a range with the whole object. */
  #isUnsupported = false

  constructor(options: RangeReaderOptions) {
    this.#options = options
  }

  /** Copies an object after `check`, if given, has read parts of it. */
  async fetch(s3: S3, source: Source, check?: (path: string) => Promise<void>): Promise<LocalFile> {
    const ranged = check === undefined ? null : await this.#open(s3, source)
    if (check === undefined || ranged === null) return this.#fetchWhole(s3, source)
    const { path, address, copy } = ranged
    const release = (): Promise<void> => rm(path, { force: true })
    let isComplete = false
    try {
      await check(address)
      if (copy.failure === undefined) {
        await copy.complete()
        isComplete = true
      }
    } catch (error) {
      if (copy.failure === undefined) throw error
    } finally {
      await ranged.close()
      if (!isComplete) await release()
    }
    if (isComplete) return { path, size: source.head.size, etag: source.head.etag, release }
    this.#fallBack(source, copy.failure)
    return this.#fetchWhole(s3, source)
  }

  /** Calls `use` with an object whose parts are fetched as they are read, or with a copy if that fails. */
  async readParts<T>(s3: S3, source: Source, { use }: Pick<ReadPartsOptions<T>, 'use'>): Promise<T> {
    const ranged = await this.#open(s3, source)
    const { etag } = source.head
    if (ranged !== null) {
      const { path, address, copy } = ranged
      try {
        const result = await use({ path: address, etag })
        if (copy.failure === undefined) return result
      } catch (error) {
        if (copy.failure === undefined) throw error
      } finally {
        await ranged.close()
        await rm(path, { force: true })
      }
      this.#fallBack(source, copy.failure)
    }
    const file = await this.#fetchWhole(s3, source)
    try {
      return await use({ path: file.path, etag })
    } finally {
      await file.release()
    }
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  /** Null if the whole object is to be copied. */
  async #open(s3: S3, source: Source): Promise<RangedCopy | null> {
    const { temporaryFolder, diskSpace, isEnabled, minBytes = MIN_BYTES, stallMs } = this.#options
    const { size, etag } = source.head
    // Without an ETag, parts of two versions could be mixed.
    if (!isEnabled || this.#isUnsupported || size < minBytes || etag === '""') return null
    const path = await newTemporaryPath(temporaryFolder)
    const freeSpace = await diskSpace.reserve(dirname(path), { object: source.object, bytes: size })
    try {
      const copy = await SparseCopy.open(s3, { ...source, path, stallMs })
      const { address, remove } = await this.#server.add(copy)
      const close = async (): Promise<void> => {
        remove()
        await copy.close()
        freeSpace()
      }
      return { path, address, copy, close }
    } catch (error) {
      freeSpace()
      await rm(path, { force: true })
      throw error
    }
  }

  async #fetchWhole(s3: S3, source: Source): Promise<LocalFile> {
    const { temporaryFolder, diskSpace } = this.#options
    const path = await newTemporaryPath(temporaryFolder)
    const release = (): Promise<void> => rm(path, { force: true })
    try {
      const { size, etag } = await download(s3, { ...source, path, diskSpace })
      return { path, size, etag, release }
    } catch (error) {
      await release()
      throw error
    }
  }

  /** Throws a failure that would also end a copy of the whole object. */
  #fallBack({ bucket, object, signal }: Source, failure: Fault | undefined): void {
    if (failure === undefined) return
    if (signal?.aborted || failure.code !== 'ResourceDownloadFailed') throw failure
    this.#isUnsupported ||= failure.cause instanceof RangesUnsupported
    this.#options.log?.warn(
      { bucket, object, err: failure },
      'Could not read an object by ranges; copying all of it',
    )
  }
}
