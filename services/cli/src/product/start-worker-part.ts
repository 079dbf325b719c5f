import type { Log } from '@kinoprint/core'
import { removeUnfinishedThumbnails } from '@kinoprint/engine'
import type { Metrics, Secrets, Settings } from '@kinoprint/runtime'
import {
  type Reconciler,
  type RunningCallbacks,
  type RunningWorker,
  removeOldQueryThumbnails,
  removeStrayThumbnails,
  runInventory,
  startCallbacks,
  startReconciler,
  startWorker,
  sweepUploads,
} from '@kinoprint/worker'
import { thumbnailsDir } from '../data-folder.ts'
import { version } from '../installed-files.ts'
import type { Product } from './open-product.ts'

export type WorkerPart = {
  readonly worker: RunningWorker
  readonly reconciler: Reconciler
  readonly callbacks: RunningCallbacks
}

export type WorkerPartOptions = {
  readonly settings: Settings
  /** Decrypts the secrets that sign callbacks; 32 bytes. */
  readonly secrets: Pick<Secrets, 'encryptionKey'>
  readonly log: Log
  readonly metrics: Metrics
}

/** Starts the worker, the callback sender and the reconciler. */
export async function startWorkerPart(
  { db, queue, queueOptions, replicas, objects, tools }: Product,
  { settings, secrets, log, metrics }: WorkerPartOptions,
): Promise<WorkerPart> {
  const {
    workerConcurrency,
    maxVideoSeconds,
    filmPieceSeconds,
    jobRetentionDays,
    queryRetentionDays,
    auditRetentionDays,
    flood,
    dataDir,
  } = settings
  const { callbackAllow, callbackSecrets, resultTag, callbackJsonWrapper, amqpUrl, amqpNames } = settings
  const { kafkaBrokers, kafkaTopics, kafkaSecurity } = settings
  const { encryptionKey } = secrets
  const callbacks = startCallbacks({
    db,
    log,
    metrics,
    encryptionKey,
    callbackAllow,
    callbackSecrets,
    resultTag,
    callbackJsonWrapper,
    amqpUrl,
    amqpNames,
    kafkaBrokers,
    kafkaTopics,
    kafkaSecurity,
  })
  const worker = await startWorker({
    db,
    queue: queueOptions,
    replicas,
    objects,
    tools,
    log,
    metrics,
    version,
    maxVideoSeconds,
    filmPieceSeconds,
    queryRetentionDays,
    flood,
    concurrency: workerConcurrency,
    thumbnailsDir: thumbnailsDir(dataDir),
    onJobEnded: callbacks.wake,
  })
  const sweepFiles = async (): Promise<void> => {
    await objects.sweepTemporaryFiles()
    await removeUnfinishedThumbnails(thumbnailsDir(dataDir))
    const swept = await removeStrayThumbnails({ db, thumbnailsDir: thumbnailsDir(dataDir) })
    if (swept > 0) log.info({ swept }, 'Removed thumbnails of deleted videos')
    const old = await removeOldQueryThumbnails({ thumbnailsDir: thumbnailsDir(dataDir), queryRetentionDays })
    if (old > 0) log.info({ old }, 'Removed thumbnails of queries past their retention')
  }
  const reconciler = startReconciler({
    db,
    queue,
    log,
    jobRetentionDays,
    queryRetentionDays,
    auditRetentionDays,
    sweepFiles,
    runInventory: () => runInventory({ db, queue, objects, log, waitingPerKey: settings.waitingPerKey }),
    sweepUploads: async () => void (await sweepUploads({ db, objects, log })),
  })
  return { worker, callbacks, reconciler }
}
