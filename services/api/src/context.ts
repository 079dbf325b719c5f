import type { RouteAnswer } from '@kinoprint/contract'
import type { Log } from '@kinoprint/core'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'
import type { Check, SettingReport, Settings, Warning } from '@kinoprint/runtime'
import type { Database } from '@kinoprint/store'
import type { Cors } from './http/cors.ts'
import type { ConnectionLimiter } from './limits/connection-limiter.ts'
import type { InFlightLimiter } from './limits/in-flight-limiter.ts'
import type { KeyAttempts } from './limits/key-attempts.ts'
import type { IN_FLIGHT_LIMITS } from './limits/limit-in-flight.ts'
import type { TokenBuckets } from './limits/token-bucket.ts'
import type { PictureOptions } from './pictures/stills.ts'
import type { KeyCache } from './tencent/key-cache.ts'

/** A task of POST /admin/maintenance/:task. Returns a report that is sent as JSON. */
type MaintenanceTask = () => Promise<unknown>

/** Adds the videos of a library file to a library. */
type LibraryImporter = (request: {
  readonly dnaDbId: string
  readonly chunks: AsyncIterable<Uint8Array>
  readonly replace: boolean
  readonly signal: AbortSignal
}) => Promise<RouteAnswer<'importLibrary'>>

type ApiMetrics = {
  /** Called for every response. `route` is a template such as `/jobs/:jobIds`, so the number of labels stays bounded. */
  observeRequest(answer: {
    route: string
    method: string
    status: number
    seconds: number
    /** The error code of a request that failed. */
    code: string | undefined
  }): void
  /** The metrics in the Prometheus text format. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>
}

export type ApiSettings = Pick<
  Settings,
  | 'defaultBucket'
  | 'defaultRegion'
  | 'storeDetail'
  | 'trustProxy'
  | 'resultTag'
  | 'dedupeSeconds'
  | 'waitingPerKey'
  | 'requestsPerSecond'
  | 'wrongKeysPerMinute'
  | 'signatureRequireHost'
  | 'corsOrigins'
  | 'callbackAllow'
  | 'inputUrlAllow'
  | 'callbackJsonWrapper'
  | 'callbackSecrets'
  | 'amqpUrl'
  | 'amqpNames'
  | 'kafkaBrokers'
  | 'kafkaTopics'
  | 'hmaToken'
  | 'oidc'
>

type AboutProcess = {
  /** Version of its ffmpeg; null if it has none. */
  readonly ffmpeg: string | null
  readonly fingerprintFormat: number
  readonly settings: readonly SettingReport[]
  readonly jobRetentionDays: number
  readonly queryRetentionDays: number
}

type ApiSecrets = { readonly adminToken: string; readonly encryptionKey: Buffer }

/** Dependencies of the API. The program that composes the service opens and closes them. */
export type ApiOptions = {
  readonly db: Database
  readonly queue: JobQueue
  readonly objects: ObjectStore
  readonly settings: ApiSettings
  readonly secrets: ApiSecrets
  readonly log: Log
  readonly metrics: ApiMetrics
  /** What GET /admin/about says of this process besides its database. */
  readonly about: AboutProcess
  /** The version of this server. */
  readonly version: string
  /** Makes the OpenAPI 3 document of /openapi.json and /docs, at the first request of each. */
  readonly openapi: () => object
  /** Folder of the thumbnails, with one subfolder per VideoId; null if none are made. */
  readonly thumbnailsDir: string | null
  /** Folder of the built console; null for an API without one. */
  readonly consoleDir: string | null
  /** For stills and previews; without it, their routes answer 501. */
  readonly pictures?: PictureOptions | undefined
  /** The tasks of POST /admin/maintenance/:task, by name. */
  readonly maintenance?: Readonly<Record<string, MaintenanceTask>>
  /** For POST …/import, which answers 501 without it. */
  readonly importLibrary?: LibraryImporter | undefined
  /** Aborted when the server starts to close. Ends event streams. */
  readonly stopping?: AbortSignal
  /** Checks for /readyz in addition to database, queue and objects. */
  readonly readiness?: Readonly<Record<string, Check>>
  /** Warnings for /readyz: parts that work but need attention. */
  readonly warnings?: () => Promise<readonly Warning[]>
}

export type ApiContext = ApiOptions & {
  readonly keys: KeyCache
  readonly cors: Cors
  /** Request rate limit by address. */
  readonly rate: TokenBuckets
  readonly signatureAttempts: KeyAttempts
  readonly tokenAttempts: KeyAttempts
  /** Limits on concurrent requests, by kind. */
  readonly inFlight: Readonly<Record<keyof typeof IN_FLIGHT_LIMITS, InFlightLimiter>>
  /** Null if the application is mounted in another server. */
  readonly connections: ConnectionLimiter | null
}
