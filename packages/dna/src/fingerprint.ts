/**
 * The fingerprint of one video as the matcher uses it: parallel arrays, times in milliseconds from the start
 * of the presentation (what a player shows as 0:00).
 */
export type Fingerprint = {
  /** Length of the presentation in seconds, decimal. */
  readonly durationSeconds: number
  readonly video: VideoTrack
  /** Cuts of the picture (its middle, its corners) at fewer frames a second; absent where none were made. */
  readonly views?: readonly PictureView[]
  /** Absent where the file has no sound. */
  readonly audio: AudioTrack | null
}

/**
 * Frame hashes, near-identical neighbours merged into runs. A run i stands for all sampled frames from
 * startMs[i] to lastMs[i], both included; the next run starts at the next sampled frame.
 */
export type VideoTrack = {
  /** Nominal sampling interval in milliseconds; frames may lie further apart where the file has fewer. */
  readonly intervalMs: number
  readonly startMs: Uint32Array
  readonly lastMs: Uint32Array
  /** 256-bit PDQ hashes, eight 32-bit words a run; word 0 holds the most significant bits as the reference prints them. */
  readonly hashes: Uint32Array
  /** PDQ quality 0..100 of each run (a blank picture has 0). */
  readonly quality: Uint8Array
  /** How likely each bit of each run's hash is to differ in a copy, in 256ths. Only in a query just made: it is not encoded. */
  readonly doubts?: readonly Uint8Array[]
  /** Part of the picture that is not black bars, in fractions of its width and height: left, top, right, bottom. */
  readonly picture: readonly [number, number, number, number]
}

/** Chromaprint sub-fingerprints (32 bits each), the first one starting at startMs. */
export type AudioTrack = {
  readonly startMs: number
  readonly items: Uint32Array
  /** How likely each of the 32 bits of each item is to differ in a copy, in 256ths; as above, only in a query just made. */
  readonly doubts?: Uint8Array
}

/** The runs of one cut of the picture. */
export type PictureView = Omit<VideoTrack, 'picture'> & {
  /** Which cut: an index into the builder's list. */
  readonly cut: number
}
