import { randomFillSync } from 'node:crypto'

/** A prefix and 32 lower-case hex digits. Opaque on input: an id of another shape is simply unknown. */
export type JobId = string & { readonly brand: 'JobId' }
export type VideoId = string & { readonly brand: 'VideoId' }
export type DnaDbId = string & { readonly brand: 'DnaDbId' }
export type QueueId = string & { readonly brand: 'QueueId' }

const ID_BYTES = 16
/** Random bytes are asked for of several hundred ids at once: each time costs as much as hundreds of bytes do. */
const pool = Buffer.alloc(256 * ID_BYTES)
let used = pool.length

const hex32 = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += ID_BYTES
  return pool.toString('hex', used - ID_BYTES, used)
}

export const newJobId = (): JobId => `j${hex32()}` as JobId
export const newVideoId = (): VideoId => `dv${hex32()}` as VideoId
export const newDnaDbId = (): DnaDbId => `Db${hex32()}` as DnaDbId
export const newQueueId = (): QueueId => `p${hex32()}` as QueueId

/** The VideoId under which a search reports an input that is not stored: `dv` with the job's own hex. */
export const videoIdOfJob = (jobId: JobId): VideoId => `dv${jobId.slice(1)}` as VideoId

/** RequestId is base64 text, as the service's own. */
export const newRequestId = (): string => Buffer.from(hex32()).toString('base64')
