import {
  audioWindowsOf,
  encodeFingerprint,
  type Fingerprint,
  indexFramesOf,
  queryHashesOf,
  storedPart,
} from '@kinoprint/dna'
import type { MediaInfo } from '@kinoprint/media'
import { shareFingerprint } from './share-fingerprint.ts'
import type { IndexRows, SearchQuery, StoredParts, VideoFacts } from './tasks.ts'

export function storedPartsOf(fingerprint: Fingerprint): StoredParts {
  const stored = storedPart(fingerprint)
  return { data: encodeFingerprint(stored), ...indexRowsOf(stored) }
}

export function indexRowsOf(fingerprint: Fingerprint): IndexRows {
  return { video: indexFramesOf(fingerprint), audio: audioWindowsOf(fingerprint) }
}

export function searchQueryOf(fingerprint: Fingerprint): SearchQuery {
  return { hashes: queryHashesOf(fingerprint), fingerprint: shareFingerprint(fingerprint) }
}

export function videoFactsOf(
  { durationSeconds, audio }: Fingerprint,
  { info: { width, height }, frameCount }: { readonly info: MediaInfo; readonly frameCount: number },
): VideoFacts {
  return { durationSeconds, width, height, hasAudio: audio !== null, frameCount }
}
