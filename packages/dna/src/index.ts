export type { AudioTrack, Fingerprint, VideoTrack } from './fingerprint.ts'
