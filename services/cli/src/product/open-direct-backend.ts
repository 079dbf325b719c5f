import { createReadStream } from 'node:fs'
import { createDirectAdminClient } from '@kinoprint/api'
import { openObjectStore } from '@kinoprint/objects'
import { type JobQueue, openQueue } from '@kinoprint/queue'
import { createLog, createMetrics, ensureEncryptionKey, type Settings } from '@kinoprint/runtime'
import { createReplicas, exportLibrary, parseExportPoint } from '@kinoprint/store'
import type { AdminBackend, BackendOptions } from '../admin/backend.ts'
import { thumbnailsDir } from '../data-folder.ts'
import { version } from '../installed-files.ts'
import { findServerTools } from './find-tools.ts'
import { createLibraryImport } from './library-import.ts'
import { createMaintenance } from './maintenance.ts'
import { objectInFolder } from './object-in-folder.ts'
import { openStore } from './open-product.ts'
import { startWorkerPart } from './start-worker-part.ts'

/** The admin API on the database itself. With `runsJobs`, this process is also a worker. */
export async function openDirectBackend(
  settings: Settings,
  { runsJobs }: Required<BackendOptions>,
): Promise<AdminBackend> {
  // The command reports what jobs do.
  const log = createLog(runsJobs && settings.logLevel === 'info' ? 'warn' : settings.logLevel)
  const encryptionKey = await ensureEncryptionKey(settings)
  const store = await openStore(settings, { log })
  // Opened on first use: most commands must work while the queue server is down.
  const queue = once(() => openQueue(store.queueOptions, { log }))
  const objects = openObjectStore({
    bucketsDir: settings.bucketsDir,
    // Which ffmpeg there is, and so whether it can read ranges, is not known yet.
    s3: settings.s3 === null ? undefined : { ...settings.s3, ranges: false },
    maxObjectBytes: settings.maxObjectBytes,
  })
  // Only the check and a worker use ffmpeg: a wrong FFMPEG_PATH must not keep other commands from working.
  const findTools = () => findServerTools(settings, { role: 'tool' })
  const toolsWarning = async () => (await findTools()).toolsWarning
  const thumbnails = thumbnailsDir(settings.dataDir)
  const parts = { ...store, queue: queue.get, objects, thumbnailsDir: thumbnails, toolsWarning }
  const maintenance = createMaintenance(parts, { log })
  const client = createDirectAdminClient({
    db: store.db,
    queue: lazyQueue(queue.get),
    objects,
    settings,
    secrets: { encryptionKey },
    thumbnailsDir: thumbnails,
    log,
    version,
    maintenance: { ...maintenance, migrate: async () => store.migrated },
  })
  const imports = createLibraryImport({ db: store.db, thumbnailsDir: thumbnails, log })
  const closeStore = async (): Promise<void> => {
    await imports.close()
    await maintenance.close()
    await (await queue.made())?.close()
    await objects.close()
    await store.db.close()
  }
  const startWorker = async () => {
    const shared = { ...store, ...(await findTools()), queue: await queue.get(), objects }
    const replicas = createReplicas(store.db, [])
    const product = { ...shared, replicas, warnings: async () => [], close: closeStore }
    return startWorkerPart(product, { settings, secrets: { encryptionKey }, log, metrics: createMetrics() })
  }
  const part = runsJobs
    ? await startWorker().catch(async (error: unknown) => {
        await closeStore()
        throw error
      })
    : null
  return {
    ...client,
    inputFormats: async () => settings.inputFormats,
    exportLibraryFile: async ({ dnaDbId, resume }) =>
      exportLibrary(store.db, {
        dnaDbId,
        resume: resume === undefined ? undefined : parseExportPoint(resume),
      }),
    importLibraryFile: (request) => imports.run({ ...request, signal: new AbortController().signal }),
    putFile: async ({ path, bucket, object, signal }) => {
      await objects.write(bucket, object, createReadStream(path), { signal })
    },
    objectOf: (path) => objectInFolder(settings, path),
    close: async () => {
      await part?.reconciler.close()
      await part?.callbacks.close({ timeoutMs: CLOSE_MS })
      await part?.worker.close({ timeoutMs: CLOSE_MS })
      await closeStore()
    },
  }
}

/** How long running jobs have to return to the queue. */
const CLOSE_MS = 5_000

/** The calls of the admin handlers, each on the queue that is opened then. */
function lazyQueue(get: () => Promise<JobQueue>): Pick<JobQueue, 'enqueueMany' | 'remove'> {
  return {
    enqueueMany: async (jobs) => (await get()).enqueueMany(jobs),
    remove: async (jobId) => (await get()).remove(jobId),
  }
}

/** Opens the queue on first use. */
function once(open: () => Promise<JobQueue>) {
  let made: Promise<JobQueue> | null = null
  const get = (): Promise<JobQueue> => {
    made ??= open()
    return made
  }
  return { get, made: async (): Promise<JobQueue | null> => made }
}
