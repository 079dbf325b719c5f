export type Admitted = {
  /** Decoder threads for its ffmpeg. */
  readonly threads: number
  /** Call it once when the job has ended. */
  readonly leave: () => void
}

export type Admission = {
  /** Null where the job is too large for the places that are left. `bytes` is the size of its object, 0 for none. */
  readonly enter: (bytes: number) => Admitted | null
  /** Whether a long video would find a place. */
  readonly takesLong: () => boolean
}

/** From this size on a video counts as long: 80 s at 5 Mbit/s, or some minutes of a smaller picture. */
export const LONG_BYTES = 48 * 1024 * 1024

/**
 * Which of the waiting jobs may run in this worker. Long videos take at most all places but one, so that a short one
 * never waits for them. Together the jobs' decoders get the cores once, and a job that finds none left gets one thread: a
 * long video alone uses all.
 */
export const createAdmission = ({
  places,
  cores,
}: {
  readonly places: number
  readonly cores: number
}): Admission => {
  const longPlaces = Math.max(1, places - 1)
  let longRunning = 0
  let threadsTaken = 0
  const takesLong = (): boolean => longRunning < longPlaces

  return {
    takesLong,
    enter: (bytes) => {
      const isLong = bytes >= LONG_BYTES
      if (isLong && !takesLong()) return null
      const threads = threadsOf(cores - threadsTaken)
      if (isLong) longRunning += 1
      threadsTaken += threads
      return {
        threads,
        leave: () => {
          if (isLong) longRunning -= 1
          threadsTaken -= threads
        },
      }
    },
  }
}

/** Half of the free cores, but two where there are two: somebody else may come. */
const threadsOf = (free: number): number => Math.max(1, Math.min(free, Math.max(2, Math.ceil(free / 2))))
