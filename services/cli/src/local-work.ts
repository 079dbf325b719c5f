import { availableParallelism } from 'node:os'
import { ffmpegThreadsFor, ThreadPool } from '@kinoprint/engine'
import { describeTools, type Tools } from '@kinoprint/media'
import type { Settings } from '@kinoprint/runtime'
import { findTools } from './product/find-tools.ts'

/** What `scan` and `compare` need to fingerprint local files without a server. */
export type LocalWork = {
  readonly tools: Tools
  readonly pool: ThreadPool
  readonly maxVideoSeconds: number
  readonly ffmpegThreads: number
}

/** Files that `scan` and `compare` fingerprint in parallel. */
export const FILES_AT_ONCE = 2

export async function openLocalWork(
  settings: Pick<
    Settings,
    'ffmpegPath' | 'ffprobePath' | 'ffmpegStallSeconds' | 'decoderNice' | 'maxVideoSeconds'
  >,
): Promise<LocalWork> {
  const { maxVideoSeconds } = settings
  const tools = await findTools(settings)
  process.stderr.write(`${describeTools(tools)}\n`)
  const threads = Math.max(FILES_AT_ONCE, availableParallelism())
  return {
    tools,
    pool: new ThreadPool({ threads }),
    maxVideoSeconds,
    ffmpegThreads: ffmpegThreadsFor(FILES_AT_ONCE),
  }
}
