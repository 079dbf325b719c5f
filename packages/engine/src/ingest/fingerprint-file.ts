import type { WorkContext, WorkOptions } from '../context.ts'
import type { FileFingerprint } from '../threads/tasks.ts'
import type { Stills } from './thumbnails.ts'

export type FileOptions = WorkOptions & {
  /** Whether the library will be asked with it. */
  readonly asQuery: boolean
  readonly stills?: Stills | null
}

/** Fingerprints a file on this machine in a thread of the pool, and takes its stills on the way where any are wanted. */
export const fingerprintFile = async (
  {
    pool,
    tools,
    maxVideoSeconds,
    ffmpegThreads,
  }: Pick<WorkContext, 'pool' | 'tools' | 'maxVideoSeconds' | 'ffmpegThreads'>,
  path: string,
  { signal, report, onNote, asQuery, stills = null }: FileOptions,
): Promise<FileFingerprint> => {
  const stillsDir = stills?.folder ?? null
  const fingerprint = await pool.run<'fingerprint'>(
    { kind: 'fingerprint', tools, path, maxSeconds: maxVideoSeconds, ffmpegThreads, asQuery, stillsDir },
    { signal, onProgress: (fraction) => report('fingerprint', fraction) },
  )
  for (const note of fingerprint.notes) onNote?.(note)
  return fingerprint
}
