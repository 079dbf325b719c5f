import type { WorkContext, WorkOptions } from '../context.ts'
import { fingerprintFile } from '../ingest/fingerprint-file.ts'
import type { FileFingerprint } from '../threads/tasks.ts'
import { confirms, doubtsOf, suspectsOf, widened } from './plan-refinement.ts'
import { alignWith, candidatesFor, type Found, searchLibrary } from './search-library.ts'

/** Closer looks, each wider than the one before. */
const MOST_LOOKS = 3

export type AskedFile = {
  readonly dnaDbId: string
  readonly path: string
  /** Whether to name the likeliest place in each candidate even where nothing is proven. */
  readonly leads?: boolean
}

/**
 * Everything in a library that resembles a file. Of a long one a first look takes the keyframes and the sound; what
 * they leave in doubt is decoded, and where they find nothing, everything.
 */
export const searchFile = async (
  context: Pick<WorkContext, 'db' | 'pool' | 'log' | 'tools' | 'maxVideoSeconds' | 'ffmpegThreads'>,
  { dnaDbId, path, leads = false }: AskedFile,
  options: WorkOptions,
): Promise<{ found: Found[]; durationSeconds: number }> => {
  const { pool, tools, maxVideoSeconds: maxSeconds, ffmpegThreads } = context
  const { signal, report } = options
  const { fingerprint: query, glance } = await pool.run<'look'>(
    { kind: 'look', tools, path, maxSeconds, ffmpegThreads },
    { signal, onProgress: (fraction) => report('fingerprint', fraction) },
  )
  const { durationSeconds, notes } = query
  for (const note of notes) options.onNote?.(note)
  if (glance === null)
    return { found: await searchLibrary(context, { dnaDbId, query, leads }, options), durationSeconds }
  const { hits, candidates } = await candidatesFor(context, { dnaDbId, query }, options)
  const found = await alignWith(context, { dnaDbId, query, candidates }, options)
  const glimpsed = { found, hits, timesMs: glance.timesMs, durationMs: 1000 * durationSeconds }
  let windows = doubtsOf(glimpsed)
  for (let looks = 0; windows !== 'everything' && looks < MOST_LOOKS; looks++) {
    const closer: FileFingerprint = await pool.run<'lookCloser'>(
      { kind: 'lookCloser', tools, path, ffmpegThreads, glance, windows },
      { signal },
    )
    const suspects = { dnaDbId, query: closer, candidates: suspectsOf(glimpsed) }
    const confirmed = await alignWith(context, suspects, options)
    const wider = widened(confirmed, { windows, glimpsed })
    if (wider === null && confirms(confirmed, found)) return { found: confirmed, durationSeconds }
    windows = wider ?? 'everything'
  }
  const whole = await fingerprintFile(context, path, { ...options, asQuery: true, onNote: undefined })
  const all = await searchLibrary(context, { dnaDbId, query: whole, leads }, options)
  return { found: all, durationSeconds: whole.durationSeconds }
}
