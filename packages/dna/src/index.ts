export { compareFingerprints } from './align/compare-fingerprints.ts'
export { SHARED_DETAILS, sharedDetails } from './align/detail-screening.ts'
export { ACCEPT_SCORE, matchFingerprints, matchWithPictures } from './align/match-fingerprints.ts'
export { passesPrefilter } from './align/prefilter.ts'
export type { MatchWithPictures, PairMatch, QueryRange, Segment } from './align/segments/segment.ts'
export { swapSides } from './align/segments/swap-sides.ts'
export { type StillRange, stillRanges } from './align/stills/still-ranges.ts'
export { AUDIO_ITEM_SECONDS, SILENT_ITEM } from './audio/chromaprint.ts'
export { PEAK_BINS, SPECTRUM_MS } from './audio/spectral-peaks.ts'
export { collectEvidence } from './evidence/collect-evidence.ts'
export { cropDots, type DotsRange } from './evidence/crop-dots.ts'
export type { DecodedRange, Dots, Evidence } from './evidence/evidence.ts'
export { type DotsWindow, zoomDots } from './evidence/zoom-dots.ts'
export { decodeFingerprint } from './fingerprint/decode-fingerprint.ts'
export { encodeFingerprint } from './fingerprint/encode-fingerprint.ts'
export { excerptOf } from './fingerprint/excerpt.ts'
export type { AudioTrack, Fingerprint, VideoTrack } from './fingerprint/fingerprint.ts'
export {
  FingerprintBuilder,
  SAMPLING,
  SPARSE_SAMPLING,
  storedPart,
} from './fingerprint/fingerprint-builder.ts'
export { FingerprintFormatError, FORMAT_VERSION, formatVersionOf } from './fingerprint/format.ts'
export { joinPieces } from './fingerprint/join-pieces.ts'
export { keptQuery } from './fingerprint/kept-query.ts'
export { hasDetail, isStill } from './fingerprint/still.ts'
export { type Tracks, withTracks } from './fingerprint/tracks.ts'
export { hashDistance } from './hash/hamming.ts'
export { audioWindowsOf } from './index/audio-windows.ts'
export { BUCKET_KEY_BITS, bucketKeyOf, LONG_KEY_BITS, longKeyOf, multiProbeBuckets } from './index/buckets.ts'
export { indexFramesOf } from './index/index-frames.ts'
export { INDEX_VERSION } from './index/index-version.ts'
export { keypointKeysOf, queryKeypointKeysOf } from './index/keypoint-keys.ts'
export { landmarkKeysOf, queryLandmarkKeysOf } from './index/landmark-keys.ts'
export { furtherFramesOf, type QueryHashes, queryHashesOf } from './index/query-hashes.ts'
export { type KeyHit, rankByKeys } from './index/rank-by-keys.ts'
export {
  type Candidate,
  MATCH_THRESHOLDS,
  rankCandidates,
  type SeedAlignment,
} from './index/rank-candidates.ts'
export type { CandidateHit, TimedHash } from './index/timed-hash.ts'
export type { TimedKeys } from './index/timed-keys.ts'
export { variantWindowsOf } from './index/variant-windows.ts'
export {
  comparableFrames,
  compareVpdq,
  VPDQ_DISTANCE,
  VPDQ_QUERY_PERCENT,
  type VpdqMatch,
} from './vpdq/compare-vpdq.ts'
export { fingerprintOfVpdq, sampledFramesOf, vpdqOf } from './vpdq/vpdq-fingerprint.ts'
export {
  formatVpdqJson,
  formatVpdqText,
  hashOf,
  parseVpdq,
  VpdqFormatError,
  type VpdqFrame,
} from './vpdq/vpdq-frames.ts'
