import type { Log } from '@kinoprint/core'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'
import type { Check, Settings, Warning } from '@kinoprint/runtime'
import type { Database } from '@kinoprint/store'
import type { Cors } from './http/cors.ts'
import type { ConnectionLimiter } from './limits/connection-limiter.ts'
import type { InFlightLimiter } from './limits/in-flight-limiter.ts'
import type { KeyAttempts } from './limits/key-attempts.ts'
import type { IN_FLIGHT_LIMITS } from './limits/limit-in-flight.ts'
import type { TokenBuckets } from './limits/token-bucket.ts'
import type { KeyCache } from './tencent/key-cache.ts'

/** Answers what it did, as JSON. */
export type MaintenanceTask = () => Promise<unknown>

export type ApiMetrics = {
  /** Told of every answer; `route` is a template, so that its variety stays bounded. */
  observeRequest(answer: { route: string; method: string; status: number; seconds: number }): void
  /** The Prometheus text. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>
}

export type ApiSettings = Pick<
  Settings,
  | 'defaultBucket'
  | 'defaultRegion'
  | 'trustProxy'
  | 'resultTag'
  | 'dedupeSeconds'
  | 'waitingPerKey'
  | 'requestsPerSecond'
  | 'wrongKeysPerMinute'
  | 'signatureRequireHost'
  | 'corsOrigins'
  | 'callbackAllow'
  | 'amqpUrl'
  | 'amqpNames'
>

export type ApiSecrets = { readonly adminToken: string; readonly encryptionKey: Buffer }

/** Everything that the API works on. Whoever composes the service makes it, and closes what has to be closed. */
export type ApiOptions = {
  readonly db: Database
  readonly queue: JobQueue
  readonly objects: ObjectStore
  readonly settings: ApiSettings
  readonly secrets: ApiSecrets
  readonly log: Log
  readonly metrics: ApiMetrics
  /** The OpenAPI 3 document that /openapi.json and /docs show. */
  readonly openapi: object
  /** Folder of the stills, one folder a VideoId; null where none are made. */
  readonly thumbnailsDir: string | null
  /** What POST /admin/maintenance/:task can run, by name. */
  readonly maintenance?: Readonly<Record<string, MaintenanceTask>>
  /** Aborted when the server is about to close: streams of events end then. */
  readonly stopping?: AbortSignal
  /** Parts that /readyz asks beside database, queue and objects, which it asks always. */
  readonly readiness?: Readonly<Record<string, Check>>
  /** What /readyz says beside: parts that work, but not as they should. */
  readonly warnings?: () => Promise<readonly Warning[]>
}

export type ApiContext = ApiOptions & {
  readonly keys: KeyCache
  readonly cors: Cors
  /** Requests of each address. */
  readonly rate: TokenBuckets
  readonly signatureAttempts: KeyAttempts
  readonly tokenAttempts: KeyAttempts
  /** Requests under way. */
  readonly inFlight: Readonly<Record<keyof typeof IN_FLIGHT_LIMITS, InFlightLimiter>>
  /** Null where the application is mounted in the server of another program. */
  readonly connections: ConnectionLimiter | null
}
