export type Slot = {
  /** Decoder threads for the job's ffmpeg. */
  readonly threads: number
  /** Call it once, when the job has ended. */
  readonly release: () => void
}

export type SchedulerSlots = {
  /** Takes a slot for a job whose object has `bytes` bytes, 0 for none. Null for a long video that has to wait. */
  readonly acquire: (bytes: number) => Slot | null
  /** Whether a long video would get a slot. */
  readonly acceptsLong: () => boolean
}

/** Videos of this size or more count as long: 80 s at 5 Mbit/s, or some minutes of a smaller picture. */
export const LONG_BYTES = 48 * 1024 * 1024

/**
 * The slots in which a worker runs jobs. Long videos get all but one, so that a short one never waits for them. The
 * decoders of all jobs share the cores: a long video alone uses all of them, a job that finds none left gets one
 * thread. The queue limits how many slots are taken.
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

/** Half of the free cores, because other jobs may follow, but both of two. */
function threadsFor(freeCores: number): number {
  return Math.max(1, Math.min(freeCores, Math.max(2, Math.ceil(freeCores / 2))))
}
