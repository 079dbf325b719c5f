export type Slot = {
  /** Decoder threads for the job's ffmpeg. */
  readonly threads: number
  /** Call once, when the job has ended. */
  readonly release: () => void
}

export type SchedulerSlots = {
  /** Takes a slot for a job whose object has `bytes` bytes (0 for none). Null if a long video has to wait. */
  readonly acquire: (bytes: number) => Slot | null
  /** Whether a long video would get a slot. */
  readonly acceptsLong: () => boolean
}

/** Videos of this size or more count as long: 80 s at 5 Mbit/s, or several minutes at a lower bitrate. */
export const LONG_BYTES = 48 * 1024 * 1024

/**
 * The slots in which a worker runs jobs. Long videos get all slots but one, so that short ones never wait for them. The
 * decoders of all jobs share the cores: a single long video uses all of them, and a job that finds none free gets one
 * thread. The queue limits the number of slots in use.
 */
export function createSchedulerSlots({
  count,
  cores,
}: {
  readonly count: number
  readonly cores: number
}): SchedulerSlots {
  const longSlots = Math.max(1, count - 1)
  let longRunning = 0
  let threadsTaken = 0
  const acceptsLong = (): boolean => longRunning < longSlots

  return {
    acceptsLong,
    acquire: (bytes) => {
      const isLong = bytes >= LONG_BYTES
      if (isLong && !acceptsLong()) return null
      const threads = threadsFor(cores - threadsTaken)
      if (isLong) longRunning += 1
      threadsTaken += threads
      return {
        threads,
        release: () => {
          if (isLong) longRunning -= 1
          threadsTaken -= threads
        },
      }
    },
  }
}

/** Half of the free cores, because other jobs may follow; all of them if only two are free. */
function threadsFor(freeCores: number): number {
  return Math.max(1, Math.min(freeCores, Math.max(2, Math.ceil(freeCores / 2))))
}
