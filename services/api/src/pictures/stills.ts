import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { extractStills, type Tools } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { createFileCache } from './file-cache.ts'

/** Programs and folder for the pictures that the API makes itself, because a person waits for them. */
export type PictureOptions = {
  readonly tools: Tools
  /** Folder for what can be made again. */
  readonly cacheDir: string
  /** Videos of this length in seconds or longer are refused. */
  readonly maxVideoSeconds: number
}

/** Files that are decoded at the same time. Workers need the other cores. */
const LIMITS = { concurrency: 2, waitMs: 15_000 }
const CACHE_BYTES = 500_000_000
const DAY_MS = 86_400_000
const CACHE_AGE_MS = 30 * DAY_MS

export type StillRequest = {
  readonly bucket: string
  readonly object: string
  /** The version of the object, as `head` returns it. */
  readonly etag: string
  /** Seconds, 0 or more. */
  readonly times: readonly number[]
  /** In pixels. */
  readonly width: number
  /** The address of the client: clients take turns. */
  readonly client: string
}

export type Stills = {
  /** The paths of the frames as JPEG files, in order of the times. */
  get(request: StillRequest): Promise<string[]>
}

/** Identifies a still: changes with the content of the object. */
export function stillName(
  { bucket, object, etag, width }: Omit<StillRequest, 'times' | 'client'>,
  time: number,
): string {
  const key = [bucket, object, etag, Math.round(1000 * time), width].join('\0')
  return createHash('sha256').update(key).digest('hex')
}

/**
 * Single frames of objects, decoded on demand, a few at a time, and kept on disk. Throws Fault NotImplemented without
 * `options`, SlowDown if too many wait.
 */
export function createStills(objects: ObjectStore, options: PictureOptions | undefined): Stills {
  if (options === undefined)
    return {
      get: async () => {
        throw new Fault('NotImplemented', 'This server has no ffmpeg. Ask the server that runs `kinoprint`.')
      },
    }
  const { cacheDir, maxVideoSeconds } = options
  // Jobs decode at a lower priority, but a person waits for a still.
  const tools = { ...options.tools, decoderNice: 0 }
  const cache = createFileCache({
    folder: join(cacheDir, 'stills'),
    maxBytes: CACHE_BYTES,
    maxAgeMs: CACHE_AGE_MS,
  })
  const limiter = createConcurrencyLimiter(LIMITS)

  async function make(request: StillRequest, times: readonly number[]): Promise<void> {
    const { bucket, object, width } = request
    await objects.readParts(bucket, object, {
      use: async (file) => {
        const options = { times, width, maxSeconds: maxVideoSeconds }
        const stills = await extractStills(tools, file.path, options)
        // The object may have been replaced since the request began.
        const made = { ...request, etag: file.etag }
        for (const [at, jpeg] of stills.entries())
          await cache.add(stillName(made, times[at] ?? 0), (path) => writeFile(path, jpeg))
        if (file.etag !== request.etag)
          throw new Fault('Conflict', 'The object was replaced during the request. Send the request again.')
      },
    })
  }

  const findAll = (request: StillRequest): Promise<(string | null)[]> =>
    Promise.all(request.times.map((time) => cache.find(stillName(request, time))))

  return {
    get: async (request) => {
      const known = await findAll(request)
      if (known.every((path) => path !== null)) return known
      return limiter.run(request.client, async () => {
        // Another request may have made them while this one waited.
        const found = await findAll(request)
        const missing = request.times.filter((_, at) => found[at] === null)
        if (missing.length > 0) await make(request, missing)
        const made = await findAll(request)
        if (made.every((path) => path !== null)) return made
        throw new Fault('ServiceUnavailable', 'The still was removed before it was sent. Try again.')
      })
    },
  }
}
