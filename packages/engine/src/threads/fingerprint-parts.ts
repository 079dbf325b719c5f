import type { StoreDetail } from '@kinoprint/core'
import {
  audioWindowsOf,
  encodeFingerprint,
  type Fingerprint,
  furtherFramesOf,
  indexFramesOf,
  keypointKeysOf,
  landmarkKeysOf,
  queryHashesOf,
  queryKeypointKeysOf,
  queryLandmarkKeysOf,
  SPARSE_SAMPLING,
  storedPart,
} from '@kinoprint/dna'
import type { MediaInfo } from '@kinoprint/media'
import { shareFingerprint } from './share-fingerprint.ts'
import type { IndexRows, SearchQuery, StoredParts, VideoFacts } from './tasks.ts'

/** The encoded fingerprint and its index rows, without the parts that only a query has. */
export function storedPartsOf(fingerprint: Fingerprint): StoredParts {
  const stored = storedPart(fingerprint)
  return { data: encodeFingerprint(stored), ...indexRowsOf(stored) }
}

/** The frames, audio windows, keypoints and landmarks that the candidate index contains of a video. */
export function indexRowsOf(fingerprint: Fingerprint): IndexRows {
  return {
    storeDetail: detailOf(fingerprint),
    video: indexFramesOf(fingerprint),
    audio: audioWindowsOf(fingerprint),
    keypoints: keypointKeysOf(fingerprint),
    landmarks: landmarkKeysOf(fingerprint),
  }
}

/** The detail with which a video was stored. */
export function detailOf({ video }: Fingerprint): StoreDetail {
  return video.intervalMs >= SPARSE_SAMPLING.intervalMs ? 'keyframes' : 'full'
}

/** A search query: the hashes to look up, and the fingerprint in shared memory for alignment. */
export function searchQueryOf(fingerprint: Fingerprint): SearchQuery {
  return {
    hashes: queryHashesOf(fingerprint),
    furtherFrames: furtherFramesOf(fingerprint),
    keypoints: queryKeypointKeysOf(fingerprint),
    landmarks: queryLandmarkKeysOf(fingerprint),
    fingerprint: shareFingerprint(fingerprint),
  }
}

/** The facts about a video: decoded length, display size in pixels, audio, sampled frames, and its file. */
export function videoFactsOf(
  { durationSeconds, audio }: Fingerprint,
  { info, frameCount }: { readonly info: MediaInfo; readonly frameCount: number },
): VideoFacts {
  const { width, height, videoCodec: codec, frameRate, size: bytes } = info
  // A still and sound alone have no frame rate; the decoder states one for them too.
  const fps = width > 0 && durationSeconds > 0 ? frameRate : null
  return { durationSeconds, width, height, hasAudio: audio !== null, frameCount, codec, fps, bytes }
}
