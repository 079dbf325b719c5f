import { decodeWindows } from '@kinoprint/media'
import { partsOf } from './fingerprint-task.ts'
import { newBuilder } from './keyframe-scan-task.ts'
import { worthSkipping } from './sparse-references.ts'
import type { FileFingerprint, LookCloserTask } from './tasks.ts'

/**
 * Decodes parts of a file that was glanced at and fingerprints these parts, with all of its sound. The keyframes are
 * left out: many are the first frame of a scene, which lies beside the even grid of times that frames are compared on,
 * and would move what they belong to by up to a tenth of a second. Runs in a thread.
 */
export const lookCloser = async (
  { tools, path, ffmpegThreads, glance, windows }: LookCloserTask,
  { signal }: { readonly signal: AbortSignal },
): Promise<FileFingerprint> => {
  const frames = worthSkipping(glance.info) ? 'references' : 'all'
  const { info, audio, durationSeconds } = glance
  const builder = newBuilder(info, { sparse: false })
  let frameCount = 0
  await decodeWindows(tools, path, {
    info,
    frames,
    windows,
    signal,
    threads: ffmpegThreads,
    onFrame: (timeMs, gray) => {
      frameCount += 1
      builder.pushFrame(timeMs, gray)
    },
  })
  const fingerprint = builder.finish({ durationSeconds, audioStartMs: audio?.startMs ?? 0 })
  return partsOf({ ...fingerprint, audio }, { info, frameCount })
}
