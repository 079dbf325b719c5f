/** A 256-bit hash and where in its video it was taken. */
export type Probe = {
  readonly timeMs: number
  readonly hash: Uint32Array
  /** How likely each of its bits is to differ in a copy, in 256ths; where absent, as likely as in the mean. */
  readonly doubts?: Uint8Array
}

/** An entry of the candidate index that lies near a probe of the query. */
export type CandidateHit = {
  readonly videoId: string
  readonly kind: 'video' | 'audio'
  readonly queryMs: number
  readonly refMs: number
  /** Differing bits, 0..256. */
  readonly distance: number
}
