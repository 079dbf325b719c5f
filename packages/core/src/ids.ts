import { randomBytes } from 'node:crypto'

function hex32(): string {
  return randomBytes(16).toString('hex')
}

/**
 * A new job id: `j` and 32 lower-case hex digits. Ids are opaque on input: an id in another format is simply unknown.
 */
export function newJobId(): string {
  return `j${hex32()}`
}

/** A new id of a stored video: `dv` and 32 lower-case hex digits. */
export function newVideoId(): string {
  return `dv${hex32()}`
}

/** A new id of a DNA library: `Db` and 32 lower-case hex digits. */
export function newDnaDbId(): string {
  return `Db${hex32()}`
}

/** The VideoId under which a search reports an input that is not stored: `dv` and the job's own hex digits. */
export function videoIdOfJob(jobId: string): string {
  return `dv${jobId.slice(1)}`
}

/** The job that reports its input under this VideoId, if it is not stored. */
export function jobIdOfVideo(videoId: string): string {
  return `j${videoId.slice(2)}`
}

/** A new RequestId: 32 hex digits in base64, as the Tencent API sends it. */
export function newRequestId(): string {
  return Buffer.from(hex32()).toString('base64')
}

/** A new session id: `s` and 32 lower-case hex digits. It names a session in lists; it does not authenticate. */
export function newSessionId(): string {
  return `s${hex32()}`
}

/** A new id of a person: `u` and 32 lower-case hex digits. */
export function newUserId(): string {
  return `u${hex32()}`
}

/** A new id of a comparison: `cp` and 32 lower-case hex digits. */
export function newComparisonId(): string {
  return `cp${hex32()}`
}

/** A new id of a file that a request wants hashed: `h` and 32 lower-case hex digits. */
export function newHashRequestId(): string {
  return `h${hex32()}`
}

/** A new match id: `m` and 32 lower-case hex digits. */
export function newMatchId(): string {
  return `m${hex32()}`
}

/** A new id of an ignored passage: `ig` and 32 lower-case hex digits. */
export function newIgnoredId(): string {
  return `ig${hex32()}`
}

/** A new id of a held passage: `hp` and 32 lower-case hex digits. */
export function newHeldId(): string {
  return `hp${hex32()}`
}

/** A new id of decisions that are undone together: `b` and 32 lower-case hex digits. */
export function newBatchId(): string {
  return `b${hex32()}`
}
