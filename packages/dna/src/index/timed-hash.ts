/** A 256-bit hash (eight words) and its time in the video. */
export type TimedHash = {
  readonly timeMs: number
  readonly hash: Uint32Array
  /** Error rate of each bit in copies, in 256ths, top bit of word 0 first; average rates if absent. */
  readonly bitErrorRates?: Uint8Array
  /** Position in AUDIO_VARIANTS of the change that was undone before hashing a query; absent if none was. */
  readonly audioVariant?: number | undefined
}

/** An entry of the candidate index that is close to a hash of the query. */
export type CandidateHit = {
  readonly videoId: string
  readonly kind: 'video' | 'audio'
  readonly queryMs: number
  readonly refMs: number
  /** Differing bits, 0 to 256. */
  readonly distance: number
  /** As in the query hash. */
  readonly audioVariant?: number | undefined
}
