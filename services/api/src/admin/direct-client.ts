import {
  type AdminClient,
  type AdminRoute,
  adminClientOf,
  adminRoutes,
  isBytes,
  validate,
} from '@kinoprint/contract'
import type { Actor } from '@kinoprint/store'
import type { ApiOptions } from '../context.ts'
import type { ConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { listAudit } from './audit/audit.ts'
import { runAudited } from './audit/run-audited.ts'
import { testMatchCallback } from './callback-test.ts'
import { compareNow } from './compare-now.ts'
import { createComparison, deleteComparison, getComparison, listComparisons } from './comparisons.ts'
import type { Answer, JsonRequest, JsonRouteName, MaintenanceState } from './handler.ts'
import { ignoreHeldPassage, listHeldPassages, releasePassage } from './held-passages.ts'
import {
  getIgnoredPassage,
  ignorePassage,
  listIgnoredPassages,
  restorePassage,
  suggestIgnoring,
} from './ignored-passages.ts'
import { runMaintenance } from './installation.ts'
import { cancelJob, cancelJobs, getJob, listJobs, retryJob, retryJobs } from './jobs.ts'
import { createKey, listKeys, revokeKey, updateKey } from './keys.ts'
import {
  createLibrary,
  deleteLibrary,
  getLibrary,
  listLibraries,
  previewPolicy,
  updateLibrary,
} from './libraries.ts'
import {
  deleteMatchCallback,
  getMatchCallback,
  listMatchDeliveries,
  setMatchCallback,
} from './match-callbacks.ts'
import { createObjectPresence, type ObjectPresence } from './object-presence.ts'
import { deleteObject } from './objects.ts'
import { getReindexing, listReindexingFailures, startReindexing, stopReindexing } from './reindexing.ts'
import { addShard, checkShards, listShards, moveToShards, removeShard } from './shards.ts'
import { submitJob } from './submit-job.ts'
import { getUsage } from './usage.ts'
import { changeUser, listUsers } from './users.ts'
import { deleteVideo, listVideos } from './videos.ts'
import { listWorkers } from './workers.ts'

/** Dependencies of the handlers when no server is running. */
export type DirectAdminOptions = Pick<
  ApiOptions,
  'db' | 'objects' | 'thumbnailsDir' | 'log' | 'maintenance' | 'version'
> & {
  readonly queue: Pick<ApiOptions['queue'], 'enqueueMany' | 'remove'>
  readonly settings: Pick<
    ApiOptions['settings'],
    'defaultBucket' | 'defaultRegion' | 'storeDetail' | 'inputUrlAllow' | 'callbackAllow' | 'callbackSecrets'
  >
  readonly secrets: Pick<ApiOptions['secrets'], 'encryptionKey'>
}

type DirectContext = DirectAdminOptions & {
  readonly keys: { forget(secretId: string): void }
  readonly maintenanceState: MaintenanceState
  readonly objectPresence: ObjectPresence
  readonly comparing: ConcurrencyLimiter
}

/** Nothing ends a comparison early. */
const NEVER = new AbortController().signal

function compare(context: DirectContext, { body, client }: JsonRequest<'compare'>): Answer<'compare'> {
  return compareNow(context, { body, client, signal: NEVER })
}

/** The streams of other processes end when they next check their session. */
const NO_STREAMS = { endSession: () => undefined }

function updateUser(
  { db }: DirectContext,
  { params: { userId }, body }: JsonRequest<'updateUser'>,
): Answer<'updateUser'> {
  return changeUser({ db, events: NO_STREAMS }, { userId, body, actorId: null })
}

const handlers = {
  listIgnoredPassages,
  ignorePassage,
  suggestIgnoring,
  getIgnoredPassage,
  restorePassage,
  listHeldPassages,
  releasePassage,
  ignoreHeldPassage,
  getMatchCallback,
  setMatchCallback,
  deleteMatchCallback,
  listMatchDeliveries,
  testMatchCallback,
  getUsage,
  listAudit,
  listUsers,
  updateUser,
  compare,
  createComparison,
  listComparisons,
  getComparison,
  deleteComparison,
  createLibrary,
  listLibraries,
  getLibrary,
  updateLibrary,
  previewPolicy,
  deleteLibrary,
  listJobs,
  getJob,
  cancelJob,
  cancelJobs,
  retryJob,
  retryJobs,
  submitJob,
  listVideos,
  deleteVideo,
  deleteObject,
  listWorkers,
  listShards,
  addShard,
  removeShard,
  moveToShards,
  checkShards,
  createKey,
  listKeys,
  revokeKey,
  updateKey,
  runMaintenance,
  getReindexing,
  startReindexing,
  stopReindexing,
  listReindexingFailures,
} satisfies {
  readonly [Name in JsonRouteName]?: (context: DirectContext, request: JsonRequest<Name>) => Promise<unknown>
}

/** The part of the admin client that works without a server. */
type DirectAdminClient = Pick<AdminClient, keyof typeof handlers>

const COMMAND: Actor = { kind: 'command', id: null, name: null, role: 'admin' }

type AnyHandler = (context: DirectContext, request: object) => Promise<unknown>

/** An admin client that calls the handlers in this process, for a database that no server has open. */
export function createDirectAdminClient(options: DirectAdminOptions): DirectAdminClient {
  // No other part of this process caches keys.
  const keys = { forget: () => undefined }
  const context: DirectContext = {
    ...options,
    keys,
    maintenanceState: { running: null, reports: new Map() },
    objectPresence: createObjectPresence(options.objects),
    comparing: { run: (_client, work) => work() },
  }
  return adminClientOf(async (name, { params = {}, query = {}, body }) => {
    const route: AdminRoute = adminRoutes[name]
    const handler = handlers[name as keyof typeof handlers] as AnyHandler
    const request = {
      params,
      query: route.query && validate(route.query, asSent(query)),
      body: route.body === undefined || isBytes(route.body) ? undefined : validate(route.body, body),
      client: 'local',
      by: null,
    }
    return runAudited(context.db, {
      name,
      request,
      origin: { actor: COMMAND, address: null, requestId: null },
      run: (db) => handler({ ...context, db }, request),
    })
  })
}

/** The query as HTTP would carry it: strings, without the absent fields. */
function asSent(query: Readonly<Record<string, unknown>>): Record<string, string> {
  const fields = Object.entries(query).filter(([, value]) => value !== undefined)
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]))
}
