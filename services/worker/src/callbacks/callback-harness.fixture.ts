import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CallbackSettings, Log } from '@kinoprint/core'
import type { AllowedTarget } from '@kinoprint/runtime'
import {
  type ApiKey,
  claimJob,
  completeJob,
  createKey,
  type Database,
  type Delivery,
  enqueueJob,
  failJob,
  listDeliveries,
  migrate,
  openDatabase,
} from '@kinoprint/store'
import { type CallbackOptions, type RunningCallbacks, startCallbacks } from './start-callbacks.ts'

/** CALLBACK_ALLOW=127.0.0.1 */
const loopback: AllowedTarget = {
  kind: 'network',
  address: '127.0.0.1',
  prefixBits: 32,
  family: 'ipv4',
}

function ignore(): void {}
const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/** A separate database on the test server, an API key, and jobs that end and send callbacks. */
export type CallbackHarness = {
  readonly db: Database
  readonly key: ApiKey
  newKey(name: string): Promise<ApiKey>
  /** Starts sending, with almost no delay between attempts. */
  send(options?: Partial<CallbackOptions>): RunningCallbacks
  /** Runs a job to its end. */
  end(
    callback: CallbackSettings | null,
    how?: { failed?: boolean; userData?: string; secretId?: string; bucket?: string },
  ): Promise<string>
  /** The job's only delivery, once it has ended or `isSettled` is true for it. */
  settled(jobId: string, isSettled?: (delivery: Delivery) => boolean): Promise<Delivery>
  close(): Promise<void>
}

const encryptionKey = randomBytes(32)
const WAIT_MS = 280_000

function urlOf(name: string): string {
  const url = new URL(process.env.TEST_DATABASE_URL ?? '')
  url.pathname = `/${name}`
  return url.href
}

async function asAdmin(statement: string): Promise<void> {
  const admin = await openDatabase({ databaseUrl: urlOf('postgres') })
  await admin.pool.query(statement)
  await admin.close()
}

export async function openCallbackHarness(): Promise<CallbackHarness> {
  const name = `callbacks_${randomBytes(6).toString('hex')}`
  await asAdmin(`create database ${name}`)
  const db = await openDatabase({ databaseUrl: urlOf(name) })
  await migrate(db, { dir: fileURLToPath(new URL('../../../../migrations', import.meta.url)) })
  const key = await createKey(db, { encryptionKey, name: 'tests' })
  const running: RunningCallbacks[] = []
  return {
    db,
    key,
    newKey: (name) => createKey(db, { encryptionKey, name }),
    send: (options = {}) => {
      const callbacks = startCallbacks({
        db,
        log: silentLog,
        encryptionKey,
        callbackAllow: [loopback],
        resultTag: 'both',
        callbackJsonWrapper: false,
        amqpUrl: null,
        amqpNames: ['kinoprint.*'],
        retryPlan: { baseMs: 1, maxMs: 10, giveUpMs: 3_600_000 },
        pollMs: 20,
        ...options,
      })
      running.push(callbacks)
      return callbacks
    },
    end: async (
      callback,
      { failed = false, userData, secretId = key.secretId, bucket = 'films-125' } = {},
    ) => {
      const { jobId } = await enqueueJob(db, {
        ruleType: 'FindSimilarVideo',
        dnaDbId: 'Db1',
        bucket,
        region: 'local',
        object: 'a.mp4',
        callback,
        userData,
        secretId,
      })
      const claim = await claimJob(db, { jobId, workerId: 'test', leaseMs: 60_000 })
      if (claim.kind !== 'run') throw new Error(`The job could not be claimed: ${claim.kind}`)
      const result = { videoId: 'dv1', durationSeconds: 10, detections: [] }
      await (failed
        ? failJob(db, claim.fence, { code: 'ResourceNotFound', message: 'a.mp4 does not exist.' })
        : completeJob(db, claim.fence, result))
      return jobId
    },
    settled: (jobId, isSettled = ({ status }) => status !== 'Pending') =>
      waitForDelivery(db, jobId, isSettled),
    close: async () => {
      await Promise.all(running.map((callbacks) => callbacks.close({ timeoutMs: 1_000 })))
      await db.close()
      await asAdmin(`drop database ${name} with (force)`)
    },
  }
}

async function waitForDelivery(
  db: Database,
  jobId: string,
  isSettled: (delivery: Delivery) => boolean,
): Promise<Delivery> {
  for (const until = Date.now() + WAIT_MS; Date.now() < until; ) {
    const [delivery] = await listDeliveries(db, jobId)
    if (delivery && isSettled(delivery)) return delivery
    await delay(20)
  }
  throw new Error(`The delivery did not settle: ${JSON.stringify(await listDeliveries(db, jobId))}`)
}
