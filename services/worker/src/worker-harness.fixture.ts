import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Log } from '@kinoprint/core'
import { findFfmpeg, type Tools } from '@kinoprint/media'
import { type ObjectStore, openObjectStore } from '@kinoprint/objects'
import { type JobQueue, openQueue } from '@kinoprint/queue'
import {
  createLibrary,
  type Database,
  enqueueJob,
  getJobs,
  type Job,
  type Library,
  migrate,
  type NewJob,
  openDatabase,
} from '@kinoprint/store'
import { type RunningWorker, startWorker } from './start-worker.ts'

export const BUCKET = 'films-125'

/** Keeps log lines for assertions and for explaining failures. */
function recordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const writer =
    (level: string) =>
    (fields: object, message: string): void => {
      const text = JSON.stringify(fields, (_, value) => (value instanceof Error ? value.stack : value))
      lines.push(`${level} ${message} ${text}`)
    }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error'), lines }
}

/** A worker's environment: an embedded database, a folder of buckets and a queue, without the API. */
export type WorkerHarness = {
  readonly folder: string
  readonly db: Database
  readonly queue: JobQueue
  readonly objects: ObjectStore
  readonly tools: Tools
  readonly log: ReturnType<typeof recordingLog>
  readonly thumbnailsDir: string
  readonly version: string
  startWorker(options?: { concurrency?: number }): Promise<RunningWorker>
  createLibrary(fields?: Partial<Library>): Promise<Library>
  /** Copies a file into the bucket under this name. */
  put(path: string, object: string): void
  submit(job: Pick<NewJob, 'ruleType' | 'dnaDbId' | 'object'> & Partial<NewJob>): Promise<Job>
  /** Waits for the end of a job. */
  ended(job: Job): Promise<Job>
  run(job: Pick<NewJob, 'ruleType' | 'dnaDbId' | 'object'> & Partial<NewJob>): Promise<Job>
  /** Number of rows in a table. */
  count(table: string): Promise<number>
  close(): Promise<void>
}

/** Time limit for a hanging test. */
const WAIT_MS = 280_000

export async function openWorkerHarness(): Promise<WorkerHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-worker-'))
  const log = recordingLog()
  const db = await openDatabase({ dataDir: join(folder, 'database') })
  await migrate(db, { dir: fileURLToPath(new URL('../../../migrations', import.meta.url)) })
  const queue = await openQueue({ pool: db.pool, postgres: true }, { log })
  const bucketsDir = join(folder, 'buckets')
  const objects = await openObjectStore({ bucketsDir })
  const tools = await findFfmpeg()
  const thumbnailsDir = join(folder, 'thumbnails')
  const harness: WorkerHarness = {
    folder,
    db,
    queue,
    objects,
    tools,
    log,
    thumbnailsDir,
    version: '1.2.3',
    startWorker: ({ concurrency = 2 } = {}) =>
      startWorker({
        db,
        queue: { pool: db.pool, postgres: true },
        objects,
        tools,
        log,
        thumbnailsDir,
        version: '1.2.3',
        queryRetentionDays: 30,
        concurrency,
        maxVideoSeconds: 1800,
      }),
    createLibrary: (fields = {}) =>
      createLibrary(db, { name: 'films', bucket: BUCKET, region: 'local', capacity: 100, ...fields }),
    put: (path, object) => copyTo(path, join(bucketsDir, BUCKET, object)),
    submit: async (fields) => {
      const job = await enqueueJob(db, { bucket: BUCKET, region: 'local', ...fields })
      await queue.enqueue(job.jobId, job.jobLevel)
      return job
    },
    ended: async ({ jobId }) => {
      for (const until = Date.now() + WAIT_MS; Date.now() < until; ) {
        const job = await jobOf(db, jobId)
        if (!['Submitted', 'Running', 'Pause'].includes(job.state)) return job
        await delay(50)
      }
      throw new Error(`Job ${jobId} did not end:\n${log.lines.join('\n')}`)
    },
    run: async (fields) => harness.ended(await harness.submit(fields)),
    count: async (table) =>
      Number((await db.pool.query(`select count(*) as rows from ${table}`)).rows[0]?.rows),
    close: async () => {
      await queue.close()
      await objects.close()
      await db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return harness
}

async function jobOf(db: Database, jobId: string): Promise<Job> {
  const [job] = await getJobs(db, [jobId])
  if (job === undefined) throw new Error(`Job ${jobId} does not exist.`)
  return job
}

function copyTo(path: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(path, target)
}
