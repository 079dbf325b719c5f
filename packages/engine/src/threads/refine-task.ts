import { type Fingerprint, SAMPLING } from '@kinoprint/dna'
import { decodeRanges } from '@kinoprint/media'
import { createQueryBuilder } from './keyframe-scan-task.ts'
import { shareFingerprint } from './share-fingerprint.ts'
import { worthSkipping } from './sparse-references.ts'
import type { RefineInput, TaskOptions } from './tasks.ts'

/**
 * Fingerprints parts of a scanned file in full, with all of its audio. The keyframes of the scan are left out. Many are
 * the first frame of a scene, off the even time grid on which frames are compared. They would shift the matches around
 * them by up to a tenth of a second.
 */
export async function runRefineTask(
  { tools, path, ffmpegThreads, keyframes, ranges }: RefineInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<Fingerprint> {
  const { info, audio, durationSeconds } = keyframes
  const builder = createQueryBuilder(info, { sparse: false })
  await decodeRanges(tools, path, {
    info,
    sampling: SAMPLING,
    frames: worthSkipping(info) ? 'references' : 'all',
    ranges,
    signal,
    threads: ffmpegThreads,
    onFrame: (timeMs, gray) => builder.pushFrame(timeMs, gray),
  })
  const fingerprint = builder.finish({ durationSeconds, audioStartMs: audio?.startMs ?? 0 })
  return shareFingerprint({ ...fingerprint, audio })
}
