import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorText, Fault, type Log } from '@kinoprint/core'
import { makePreview } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import { createFileCache } from './file-cache.ts'
import type { PictureOptions } from './stills.ts'

type Preview = {
  readonly previewId: string
  readonly state: 'waiting' | 'running' | 'ready' | 'failed'
  /** 0..1 */
  readonly progress: number
  /** Why it failed, and what to do. */
  readonly message: string | null
  /** Size of the file once it is ready. */
  readonly bytes: number | null
}

export type Previews = {
  /** Starts a preview of an object, or returns the one that exists. Throws Fault SlowDown if too many wait. */
  start(bucket: string, object: string): Promise<Preview>
  /** Null if it was never started, or has been removed. */
  get(previewId: string): Promise<Preview | null>
  /** The path of a preview that is ready, or null. */
  pathOf(previewId: string): Promise<string | null>
}

export type PreviewContext = {
  readonly objects: ObjectStore
  readonly log: Log
  readonly pictures?: PictureOptions | undefined
  readonly stopping?: AbortSignal | undefined
}

/** Encoding uses two cores for a while, so previews are made one after the other. */
const CONCURRENCY = 1
const MAX_UNFINISHED = 5
const CACHE_BYTES = 5_000_000_000
const CACHE_AGE_MS = 7 * 86_400_000

/**
 * Videos that browsers cannot play, encoded on demand and kept on disk for a week after their last use. Progress is
 * known to the process that encodes.
 */
export function createPreviews({ objects, log, pictures, stopping }: PreviewContext): Previews {
  if (pictures === undefined) return unavailable
  const { tools, cacheDir, maxVideoSeconds } = pictures
  const cache = createFileCache({
    folder: join(cacheDir, 'previews'),
    maxBytes: CACHE_BYTES,
    maxAgeMs: CACHE_AGE_MS,
  })
  const unfinished = new Map<string, Preview>()
  const failed = new LRUCache<string, Preview>({ max: 100, ttl: 60_000 })
  const limit = pLimit(CONCURRENCY)

  async function encode(previewId: string, bucket: string, object: string): Promise<void> {
    const show = (progress: number): void => {
      unfinished.set(previewId, { ...newPreview(previewId), state: 'running', progress })
    }
    show(0)
    const file = await objects.fetch(bucket, object, { signal: stopping })
    try {
      await cache.add(previewId, (outputPath) =>
        makePreview(
          tools,
          { path: file.openPath ?? file.path, outputPath },
          { maxSeconds: maxVideoSeconds, signal: stopping, onProgress: show },
        ),
      )
    } finally {
      await file.release()
    }
  }

  async function get(previewId: string): Promise<Preview | null> {
    const known = unfinished.get(previewId) ?? failed.get(previewId)
    if (known !== undefined) return known
    const path = await cache.find(previewId)
    if (path === null) return null
    return { ...newPreview(previewId), state: 'ready', progress: 1, bytes: (await stat(path)).size }
  }

  return {
    start: async (bucket, object) => {
      const { etag } = await objects.head(bucket, object)
      const previewId = createHash('sha256').update([bucket, object, etag].join('\0')).digest('hex')
      const known = await get(previewId)
      if (known !== null) return known
      if (unfinished.size >= MAX_UNFINISHED)
        throw new Fault('SlowDown', `${unfinished.size} previews are being made. Try again in a minute.`)
      const preview = newPreview(previewId)
      unfinished.set(previewId, preview)
      void limit(() => encode(previewId, bucket, object))
        .catch((error: unknown) => {
          if (stopping?.aborted) return
          const isExpected = error instanceof Fault
          if (!isExpected) log.error({ err: error, bucket, object }, 'Could not make a preview')
          const message = isExpected ? errorText(error) : 'An internal error occurred; see the log.'
          failed.set(previewId, { ...preview, state: 'failed', message })
        })
        .finally(() => unfinished.delete(previewId))
      return preview
    },
    get,
    pathOf: (previewId) => (unfinished.has(previewId) ? Promise.resolve(null) : cache.find(previewId)),
  }
}

function newPreview(previewId: string): Preview {
  return { previewId, state: 'waiting', progress: 0, message: null, bytes: null }
}

const refuse = async (): Promise<never> => {
  throw new Fault('NotImplemented', 'This server has no ffmpeg. Ask the server that runs `kinoprint`.')
}
const unavailable: Previews = { start: refuse, get: refuse, pathOf: refuse }
