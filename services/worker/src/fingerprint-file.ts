import type { WorkContext, WorkOptions } from './context.ts'
import type { FileFingerprint } from './threads/protocol.ts'

/** Fingerprints a file on this machine in a thread of the pool. */
export const fingerprintFile = (
  {
    pool,
    tools,
    maxVideoSeconds,
    ffmpegThreads,
  }: Pick<WorkContext, 'pool' | 'tools' | 'maxVideoSeconds' | 'ffmpegThreads'>,
  path: string,
  { signal, report }: WorkOptions,
): Promise<FileFingerprint> =>
  pool.run<'fingerprint'>(
    { kind: 'fingerprint', tools, path, maxSeconds: maxVideoSeconds, ffmpegThreads },
    { signal, onProgress: (fraction) => report('fingerprint', fraction) },
  )
