import type { ReindexOptions } from '@kinoprint/engine'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'

export type ConsistencyFault = {
  /** One sentence. */
  readonly message: string
  /** Whether this check has put it right, so that the next one does not find it again. */
  readonly repaired: boolean
}

export type ConsistencyReport = {
  /** Empty when all is well. */
  readonly faults: readonly ConsistencyFault[]
  /** What was put right, one sentence each. */
  readonly repairs: readonly string[]
  /** What is worth knowing and may be as it is wanted. */
  readonly notes: readonly string[]
}

export type CheckOptions = ReindexOptions & {
  readonly queue: () => Promise<JobQueue>
  readonly objects: Pick<ObjectStore, 'exists'>
  /** Folder of the stills; null where there is none. */
  readonly thumbnailsDir: string | null
}

/** What each look adds its sentences to. */
export type Findings = {
  readonly repair: boolean
  readonly faults: ConsistencyFault[]
  readonly repairs: string[]
  readonly notes: string[]
}
export type Look = (options: CheckOptions, findings: Findings) => Promise<void>

/**
 * Notes a fault. `mend` puts it right where that was asked for, and says what it did; null where that was not possible.
 * It is absent where nothing can be done here.
 */
export const noteFault = async (
  { repair, faults, repairs }: Findings,
  message: string,
  mend?: () => Promise<string | null>,
): Promise<void> => {
  const done = repair && mend !== undefined ? await mend() : null
  if (done !== null) repairs.push(done)
  faults.push({ message, repaired: done !== null })
}

export const count = (number: number, one: string, many: string): string =>
  `${number} ${number === 1 ? one : many}`
