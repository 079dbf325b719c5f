import type { ReindexOptions } from '@kinoprint/engine'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'

export type ConsistencyFault = {
  /** One sentence. */
  readonly message: string
  /** Whether this check has repaired it. */
  readonly repaired: boolean
}

export type ConsistencyReport = {
  /** Empty if the data is consistent. */
  readonly faults: readonly ConsistencyFault[]
  /** One sentence for each repair. */
  readonly repairs: readonly string[]
  /** Conditions that may be intended, one sentence each. */
  readonly notes: readonly string[]
}

export type CheckOptions = ReindexOptions & {
  readonly queue: () => Promise<JobQueue>
  readonly objects: Pick<ObjectStore, 'exists'>
  /** Folder of the thumbnails; null if there is none. */
  readonly thumbnailsDir: string | null
}

/** The report that checks add to. */
export type Findings = {
  readonly repair: boolean
  readonly faults: ConsistencyFault[]
  readonly repairs: string[]
  readonly notes: string[]
}

export type Check = (options: CheckOptions, findings: Findings) => Promise<void>

/**
 * Adds a fault and, in a repairing check, repairs it. `repair` returns a sentence about what it did, or null if it
 * failed. It is absent for faults that no check can repair.
 */
export async function addFault(
  findings: Findings,
  message: string,
  repair?: () => Promise<string | null>,
): Promise<void> {
  const done = findings.repair && repair !== undefined ? await repair() : null
  if (done !== null) findings.repairs.push(done)
  findings.faults.push({ message, repaired: done !== null })
}

/** @example count(2, 'video', 'videos') // "2 videos" */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
