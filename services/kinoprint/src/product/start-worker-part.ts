import type { Log, Metrics, Settings } from '@kinoprint/runtime'
import { type Reconciler, type RunningWorker, startReconciler, startWorker } from '@kinoprint/worker'
import { thumbnailsDir } from '../data-folder.ts'
import type { Product } from './open-product.ts'

export type WorkerPart = { readonly worker: RunningWorker; readonly reconciler: Reconciler }

export type WorkerPartOptions = {
  readonly settings: Settings
  readonly log: Log
  readonly metrics: Metrics
}

/** Takes jobs, and puts back what the queue has lost. */
export const startWorkerPart = async (
  { db, queue, queueOptions, objects, tools }: Product,
  { settings, log, metrics }: WorkerPartOptions,
): Promise<WorkerPart> => {
  await objects.sweepTemporaryFiles()
  const { workerConcurrency, maxVideoSeconds, jobRetentionDays, dataDir } = settings
  const worker = await startWorker({
    db,
    queue: queueOptions,
    objects,
    tools,
    log,
    metrics,
    maxVideoSeconds,
    concurrency: workerConcurrency,
    thumbnailsDir: thumbnailsDir(dataDir),
  })
  return { worker, reconciler: startReconciler({ db, queue, log, jobRetentionDays }) }
}
