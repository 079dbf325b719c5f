import type { AudioTrack, Fingerprint, VideoTrack } from '@kinoprint/dna'

type LocalTrack = NonNullable<Fingerprint['local']>

/**
 * Returns the same fingerprint with its large arrays in shared memory, so that passing it between threads copies little. It
 * has neither bit error rates nor uncertain bits: only the lookup in the candidate index uses them, and alignment does not.
 */
export function shareFingerprint({
  video,
  views,
  local,
  keptFrames,
  audio,
  ...rest
}: Fingerprint): Fingerprint {
  return {
    ...rest,
    video: shareRuns(video),
    ...(views && { views: views.map(shareRuns) }),
    ...(local && { local: withoutUncertain(local) }),
    ...(keptFrames && { keptFrames: { ...keptFrames, pixels: shareBytes(keptFrames.pixels) } }),
    audio: audio && shareAudio(audio),
  }
}

function withoutUncertain({ uncertain: _, ...local }: LocalTrack): LocalTrack {
  return local
}

type Runs = Pick<VideoTrack, 'startMs' | 'lastMs' | 'hashes' | 'quality' | 'bitErrorRates'>

function shareRuns<T extends Runs>({ bitErrorRates: _, ...track }: T): Omit<T, 'bitErrorRates'> {
  const { startMs, lastMs, hashes, quality } = track
  return {
    ...track,
    startMs: shareWords(startMs),
    lastMs: shareWords(lastMs),
    hashes: shareWords(hashes),
    quality: shareBytes(quality),
  }
}

function shareAudio({ bitErrorRates: _, items, peaks, spectra, ...track }: AudioTrack): AudioTrack {
  return {
    ...track,
    items: shareWords(items),
    ...(spectra && { spectra: shareBytes(spectra) }),
    ...(peaks && { peaks: { spectra: shareWords(peaks.spectra), bins: shareBytes(peaks.bins) } }),
  }
}

function shareWords(words: Uint32Array): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(words.byteLength))
  shared.set(words)
  return shared
}

/** A copy in shared memory. */
export function shareBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  shared.set(bytes)
  return shared
}
