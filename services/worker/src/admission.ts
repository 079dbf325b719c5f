/** What is known of a job before it is taken. */
export type Candidate = {
  readonly jobId: string
  /** JobLevel, 0 to 2. */
  readonly level: number
  /** Bytes of its object, 0 where it reads none. */
  readonly bytes: number
}

export type Admitted = {
  readonly kind: 'run'
  /** Decoder threads for its ffmpeg. */
  readonly threads: number
  /** Call it once when the job has ended. */
  readonly leave: () => void
}
type Deferred = { readonly kind: 'later'; readonly delayMs: number }

export type Admission = {
  readonly enter: (candidate: Candidate) => Admitted | Deferred
}

/** From this size on a video counts as long: 80 s at 5 Mbit/s, or some minutes of a smaller picture. */
export const LONG_BYTES = 48 * 1024 * 1024
/** How soon a long job that found no place comes again; the more wait, the seldomer, so that short ones get by. */
const DEFER_MS = 1000
const DEFER_EACH_MS = 25
const DEFER_MOST_MS = 5000
/** A deferred job that has not come back so long after its time is another worker's. */
const GONE_MS = 5000

/**
 * Who of the waiting jobs may run in this worker. Long videos take at most all places but one, so that a short one
 * never waits for them; of those, the highest level goes first. Together the jobs' decoders get the cores once,
 * whoever finds none left gets one thread: a long video alone uses all.
 */
export const createAdmission = ({
  places,
  cores,
  now = () => performance.now(),
}: {
  readonly places: number
  readonly cores: number
  readonly now?: () => number
}): Admission => {
  const longPlaces = Math.max(1, places - 1)
  const deferred = new Map<string, { readonly level: number; readonly untilMs: number }>()
  let longRunning = 0
  let threadsTaken = 0

  const mayRun = ({ jobId, level, bytes }: Candidate): boolean => {
    if (bytes < LONG_BYTES) return true
    for (const [id, { untilMs }] of deferred) if (untilMs < now()) deferred.delete(id)
    const isOutranked = [...deferred].some(([id, other]) => id !== jobId && other.level > level)
    return longRunning < longPlaces && !isOutranked
  }

  const defer = ({ jobId, level }: Candidate): Deferred => {
    const delayMs = Math.min(DEFER_MOST_MS, DEFER_MS + DEFER_EACH_MS * deferred.size)
    deferred.set(jobId, { level, untilMs: now() + delayMs + GONE_MS })
    return { kind: 'later', delayMs }
  }

  return {
    enter: (candidate) => {
      if (!mayRun(candidate)) return defer(candidate)
      deferred.delete(candidate.jobId)
      const isLong = candidate.bytes >= LONG_BYTES
      const threads = threadsOf(cores - threadsTaken)
      if (isLong) longRunning += 1
      threadsTaken += threads
      return {
        kind: 'run',
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
