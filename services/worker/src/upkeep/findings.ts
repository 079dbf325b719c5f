import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'
import type { ReindexOptions } from './reindex-all.ts'

export type ConsistencyReport = {
  /** One sentence a fault; empty when all is well. */
  readonly faults: readonly string[]
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
  readonly faults: string[]
  readonly repairs: string[]
  readonly notes: string[]
}
export type Look = (options: CheckOptions, findings: Findings) => Promise<void>

export const count = (number: number, one: string, many: string): string =>
  `${number} ${number === 1 ? one : many}`
