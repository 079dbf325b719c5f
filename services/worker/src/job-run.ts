import type { WorkContext, WorkOptions } from '@kinoprint/engine'
import type { ObjectStore } from '@kinoprint/objects'
import type { Job, JobFence } from '@kinoprint/store'

export type JobContext = WorkContext & { readonly objects: ObjectStore }

/** A claimed job on its way: every write carries the fence. */
export type JobRun = WorkOptions & { readonly job: Job; readonly fence: JobFence }

/** Throws what a job of an unknown library fails with. Reads the library anew: it may have changed since. */
export type RunRule = (context: JobContext, run: JobRun) => Promise<void>
