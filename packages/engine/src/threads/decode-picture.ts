import { Fault } from '@kinoprint/core'
import { type Fingerprint, FingerprintBuilder, hasDetail, SAMPLING } from '@kinoprint/dna'
import { decode, type MediaInfo, planThumbnails } from '@kinoprint/media'
import type { Decoded, DecodeInput } from './decode-file.ts'
import type { TaskOptions } from './tasks.ts'

/**
 * Decodes a still picture. Throws Fault ResourceNotSupported if it shows so little that many films would have a frame
 * like it.
 */
export async function decodePicture(
  { tools, path, asQuery, takeThumbnails }: DecodeInput,
  { signal, onProgress }: TaskOptions,
  info: MediaInfo,
): Promise<Decoded> {
  const aspect = info.width / info.height
  const query = asQuery ? { viewIntervalMs: SAMPLING.intervalMs, aspect } : undefined
  const builder = new FingerprintBuilder({ query, aspect })
  const thumbnailPlan = planThumbnails(info)
  const { frames, thumbnails } = await decode(tools, path, {
    info,
    sampling: SAMPLING,
    frames: 'still',
    signal,
    thumbnails: takeThumbnails ? thumbnailPlan : undefined,
    onFrame: (_timeMs, gray) => builder.pushFrame(0, gray),
  })
  onProgress(1)
  const fingerprint = finishPicture(builder)
  return { info, fingerprint, frameCount: frames, notes: info.notes, thumbnails, thumbnailPlan }
}

/** The fingerprint of a builder that was given one frame. */
export function finishPicture(builder: FingerprintBuilder): Fingerprint {
  const fingerprint = builder.finish({ durationSeconds: 0, audioStartMs: 0 })
  if (hasDetail(fingerprint)) return fingerprint
  throw new Fault(
    'ResourceNotSupported',
    'The picture has too little detail: many films have a frame like it. Use a picture that shows more than a plain area.',
  )
}
