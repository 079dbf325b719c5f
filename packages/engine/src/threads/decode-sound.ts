import { FingerprintBuilder, SAMPLING } from '@kinoprint/dna'
import { decode, type MediaInfo, planThumbnails } from '@kinoprint/media'
import type { Decoded, DecodeInput } from './decode-file.ts'
import type { TaskOptions } from './tasks.ts'

/** Decodes sound alone. Its fingerprint has no frames. */
export async function decodeSound(
  { tools, path, maxSeconds, asQuery }: DecodeInput,
  { signal, onProgress }: TaskOptions,
  info: MediaInfo,
): Promise<Decoded> {
  const query = asQuery ? { viewIntervalMs: SAMPLING.intervalMs, aspect: 1 } : undefined
  const builder = new FingerprintBuilder({ query, aspect: 1 })
  const { durationSeconds, audioStartSeconds, notes } = await decode(tools, path, {
    info,
    sampling: SAMPLING,
    maxSeconds,
    signal,
    frames: 'none',
    onFrame: () => undefined,
    onAudio: (pcm) => builder.pushAudio(pcm),
    onProgress,
  })
  const fingerprint = builder.finish({ durationSeconds, audioStartMs: Math.round(1000 * audioStartSeconds) })
  return { info, fingerprint, frameCount: 0, notes, thumbnails: null, thumbnailPlan: planThumbnails(info) }
}
