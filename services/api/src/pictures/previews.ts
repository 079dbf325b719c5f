import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorText, Fault, type Log } from '@kinoprint/core'
import { makePreview } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import {
  claimPreview,
  type Database,
  forgetPreview,
  type PreviewState,
  readPreview,
  writePreviews,
} from '@kinoprint/store'
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
  readonly db: Database
  readonly objects: ObjectStore
  readonly log: Log
  readonly pictures?: PictureOptions | undefined
  readonly stopping?: AbortSignal | undefined
}

/** Encoding uses two cores for a while, so a process makes previews one after the other. */
const CONCURRENCY = 1
const MAX_UNFINISHED = 5
const CACHE_BYTES = 5_000_000_000
const CACHE_AGE_MS = 7 * 86_400_000
/** How often the states of unfinished previews are written for other processes. */
const REPORT_MS = 1_000

/**
 * Videos that browsers cannot play, encoded on demand and kept on disk for a week after their last use. Processes that
 * share the database and the folder answer for each other's previews.
 */
export function createPreviews({ db, objects, log, pictures, stopping }: PreviewContext): Previews {
  if (pictures === undefined) return unavailable
  const { tools, cacheDir, maxVideoSeconds } = pictures
  const cache = createFileCache({
    folder: join(cacheDir, 'previews'),
    maxBytes: CACHE_BYTES,
    maxAgeMs: CACHE_AGE_MS,
  })
  const unfinished = new Map<string, PreviewState>()
  const limit = pLimit(CONCURRENCY)
  let reports: NodeJS.Timeout | undefined

  /** Writes the states until nothing is unfinished. */
  function keepReporting(): void {
    reports ??= setInterval(() => {
      if (unfinished.size > 0) {
        writePreviews(db, [...unfinished.values()]).catch((error: unknown) =>
          log.warn({ err: error }, 'Could not write the progress of previews'),
        )
        return
      }
      clearInterval(reports)
      reports = undefined
    }, REPORT_MS).unref()
  }

  async function encode(previewId: string, bucket: string, object: string): Promise<void> {
    const show = (progress: number): void => {
      unfinished.set(previewId, { ...waiting(previewId), state: 'running', progress })
    }
    show(0)
    await objects.readParts(bucket, object, {
      signal: stopping,
      use: ({ path }) =>
        cache.add(previewId, (outputPath) =>
          makePreview(
            tools,
            { path, outputPath },
            { maxSeconds: maxVideoSeconds, signal: stopping, onProgress: show },
          ),
        ),
    })
  }

  /** Makes a claimed preview. A failure stays visible for a minute; what the end of the process stops does not. */
  async function make(previewId: string, bucket: string, object: string): Promise<void> {
    let failure: string | null = null
    try {
      await limit(() => encode(previewId, bucket, object))
    } catch (error) {
      const isExpected = error instanceof Fault
      if (!isExpected && !stopping?.aborted)
        log.error({ err: error, bucket, object }, 'Could not make a preview')
      failure = isExpected ? errorText(error) : 'An internal error occurred; see the log.'
    }
    unfinished.delete(previewId)
    if (failure === null || stopping?.aborted) await forgetPreview(db, previewId)
    else await writePreviews(db, [{ ...waiting(previewId), state: 'failed', message: failure }])
  }

  async function get(previewId: string): Promise<Preview | null> {
    const path = await cache.find(previewId)
    if (path !== null)
      return { ...waiting(previewId), state: 'ready', progress: 1, bytes: (await stat(path)).size }
    const state = unfinished.get(previewId) ?? (await readPreview(db, previewId))
    return state && { ...state, bytes: null }
  }

  return {
    start: async (bucket, object) => {
      const { etag } = await objects.head(bucket, object)
      const previewId = createHash('sha256').update([bucket, object, etag].join('\0')).digest('hex')
      const known = await get(previewId)
      // Another request may have started it in the meantime.
      const own = known ?? unfinished.get(previewId)
      if (own) return { bytes: null, ...own }
      if (unfinished.size >= MAX_UNFINISHED)
        throw new Fault('SlowDown', `${unfinished.size} previews are being made. Try again in a minute.`)
      const state = waiting(previewId)
      unfinished.set(previewId, state)
      const isClaimed = await claimPreview(db, previewId).catch((error: unknown) => {
        unfinished.delete(previewId)
        throw error
      })
      if (!isClaimed) {
        unfinished.delete(previewId)
        return (await get(previewId)) ?? { ...state, bytes: null }
      }
      keepReporting()
      make(previewId, bucket, object).catch((error: unknown) =>
        log.warn({ err: error, bucket, object }, 'Could not write how a preview ended'),
      )
      return { ...state, bytes: null }
    },
    get,
    pathOf: (previewId) => cache.find(previewId),
  }
}

function waiting(previewId: string): PreviewState {
  return { previewId, state: 'waiting', progress: 0, message: null }
}

const refuse = async (): Promise<never> => {
  throw new Fault('NotImplemented', 'This server has no ffmpeg. Ask the server that runs `kinoprint`.')
}
const unavailable: Previews = { start: refuse, get: refuse, pathOf: refuse }
