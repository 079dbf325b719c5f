import { availableParallelism } from 'node:os'
import { ffmpegThreadsFor, ThreadPool } from '@kinoprint/engine'
import { describeTools, type Tools } from '@kinoprint/media'
import { type Environment, loadSettings, type Settings } from '@kinoprint/runtime'
import { findTools, type ToolSettings } from './product/find-tools.ts'

/** What `scan` and `compare` need to fingerprint local files without a server. */
export type LocalWork = {
  readonly tools: Tools
  readonly pool: ThreadPool
  readonly maxVideoSeconds: number
  readonly ffmpegThreads: number
}

/** Files that `scan` and `compare` fingerprint in parallel. */
export const FILES_AT_ONCE = 2

/** The longest video that a fingerprint can represent, in seconds. */
const LONGEST_SECONDS = 86_400

/**
 * The settings of a command that reads the user's own files: every format, any size, and up to 24 hours, unless the
 * environment limits them. Throws as loadSettings.
 */
export function loadLocalSettings(environment: Environment): Settings {
  return loadSettings(withLocalLimits(environment))
}

/** The environment with the widest limits for files of the user, where it sets none. */
export function withLocalLimits(environment: Environment): Environment {
  return {
    ...environment,
    INPUT_FORMATS: environment.INPUT_FORMATS || 'all',
    MAX_VIDEO_SECONDS: environment.MAX_VIDEO_SECONDS || String(LONGEST_SECONDS),
    MAX_OBJECT_BYTES: environment.MAX_OBJECT_BYTES || String(Number.MAX_SAFE_INTEGER),
  }
}

/**
 * Opens what a command needs to fingerprint local files without a server. The caller closes the pool.
 *
 * @example
 * const work = await openLocalWork(loadLocalSettings(process.env))
 * const { fingerprint } = await fingerprintFile(work, path, { signal, onProgress })
 * await work.pool.close()
 */
export async function openLocalWork(
  settings: ToolSettings & Pick<Settings, 'maxVideoSeconds'>,
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
