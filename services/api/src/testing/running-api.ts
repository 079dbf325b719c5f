import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openApiDocument, signRequest } from '@kinoprint/contract'
import { type ObjectStore, openObjectStore } from '@kinoprint/objects'
import { type JobQueue, openQueue } from '@kinoprint/queue'
import {
  createKey,
  createLibrary,
  type Database,
  type Library,
  migrate,
  openDatabase,
  publishVideo,
  stageFingerprint,
  type Video,
} from '@kinoprint/store'
import { type ApiOptions, type ApiSettings, startApi } from '../index.ts'
import { type Answered, type Sent, sendRequest } from './send-request.ts'
import { DEFAULT_BUCKET, testSettings } from './test-settings.ts'

export { DEFAULT_BUCKET }

export const ADMIN_TOKEN = 'admin-token-of-the-tests'

export type Key = { readonly secretId: string; readonly secretKey: string }
type Observed = Parameters<ApiOptions['metrics']['observeRequest']>[0]
type SignedRequest = Sent & {
  readonly key?: Key
  readonly signHeaders?: readonly (readonly [string, string])[]
}

export type RunningTestApi = {
  readonly port: number
  readonly db: Database
  readonly queue: JobQueue
  readonly objects: ObjectStore
  readonly thumbnailsDir: string
  /** The options of this API, for starting a second one on the same database and queue. */
  readonly options: ApiOptions
  readonly key: Key
  readonly observed: readonly Observed[]
  readonly logged: readonly string[]
  send(sent: Sent): Promise<Answered>
  /** Sends a request signed over the host and the whole query, as official clients do. */
  signed(sent: SignedRequest): Promise<Answered>
  /** Sends a request with the admin token; `json` is the parsed response. */
  admin(sent: Sent & { readonly json?: unknown }): Promise<Answered & { json: unknown }>
  close(): Promise<void>
}

export type TestOptions = Partial<ApiOptions> & { readonly wrapQueue?: (queue: JobQueue) => JobQueue }

const migrations = fileURLToPath(new URL('../../../../migrations', import.meta.url))

/** Starts the API with an embedded database, a queue in that database, and buckets in a temporary folder. */
export async function startTestApi(
  changes: Partial<ApiSettings> = {},
  { wrapQueue = (queue) => queue, ...more }: TestOptions = {},
): Promise<RunningTestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'kinoprint-api-'))
  const db = await openDatabase({ dataDir: join(folder, 'database') })
  await migrate(db, { dir: migrations })
  const logged: string[] = []
  const record = (fields: object, message: string): void => {
    logged.push(`${message} ${'err' in fields ? String(fields.err) : ''}`)
  }
  const log = { debug: () => {}, info: record, warn: record, error: record }
  const queue = await openQueue({ pool: db.pool, postgres: true }, { log })
  const objects = await openObjectStore({ bucketsDir: join(folder, 'buckets'), temporaryDir: folder })
  const encryptionKey = Buffer.alloc(32, 7)
  const key = await createKey(db, { encryptionKey, name: 'everything' })
  const observed: Observed[] = []
  const thumbnailsDir = join(folder, 'thumbnails')
  const options: ApiOptions = {
    db,
    queue: wrapQueue(queue),
    objects,
    settings: { ...testSettings, ...changes },
    secrets: { adminToken: ADMIN_TOKEN, encryptionKey },
    log,
    metrics: {
      observeRequest: (answer) => observed.push(answer),
      render: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'kinoprint_up 1\n' }),
    },
    version: '0.0.0',
    about: { ffmpeg: null, fingerprintFormat: 2, settings: [], jobRetentionDays: 90, queryRetentionDays: 30 },
    openapi: () => openApiDocument({ version: '0.0.0' }),
    thumbnailsDir,
    consoleDir: null,
    ...more,
  }
  const api = await startApi({ port: 0, host: '127.0.0.1', ...options })
  const close = async (): Promise<void> => {
    await api.close({ timeoutMs: 500 })
    await queue.close()
    await objects.close()
    await db.close()
    await rm(folder, { recursive: true, force: true })
  }
  const { port } = api
  return {
    port,
    db,
    queue,
    objects,
    thumbnailsDir,
    options,
    key,
    observed,
    logged,
    close,
    ...clients(port, key),
  }
}

function clients(port: number, key: Key): Pick<RunningTestApi, 'send' | 'signed' | 'admin'> {
  return {
    send: (sent) => sendRequest(port, sent),
    signed: (sent) => sendRequest(port, sign(port, sent, key)),
    admin: async ({ json, ...sent }) => {
      const body = json === undefined ? sent.body : JSON.stringify(json)
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, ...sent.headers }
      const answered = await sendRequest(port, { ...sent, body, headers })
      const isJson = /^application\/json(?:;|$)/.test(answered.headers['content-type'] ?? '')
      return { ...answered, json: isJson && answered.text !== '' ? JSON.parse(answered.text) : undefined }
    },
  }
}

function sign(port: number, sent: SignedRequest, fallback: Key): Sent {
  const { key = fallback, signHeaders, ...request } = sent
  const host = String(request.headers?.host ?? `127.0.0.1:${port}`)
  const nowSeconds = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    method: request.method,
    target: request.target,
    headers: signHeaders ?? [['host', host]],
    ...key,
    startSeconds: nowSeconds - 60,
    endSeconds: nowSeconds + 900,
  })
  return { ...request, headers: { host, authorization, ...request.headers } }
}

/** Creates a library in the default bucket. */
export function addLibrary(db: Database, name: string): Promise<Library> {
  return createLibrary(db, { name, bucket: DEFAULT_BUCKET, region: 'local' })
}

/** Stores a video without index rows, which no search finds. */
export async function addVideo(
  db: Database,
  { dnaDbId, object, bucket = DEFAULT_BUCKET }: { dnaDbId: string; object: string; bucket?: string },
): Promise<Video> {
  const fingerprintId = await stageFingerprint(db, {
    dnaDbId,
    format: 1,
    data: new Uint8Array([1, 2, 3]),
    video: [],
    audio: [],
    keypoints: [],
    landmarks: [],
  })
  return publishVideo(db, {
    jobFence: null,
    dnaDbId,
    bucket,
    region: 'local',
    object,
    etag: '"0123456789abcdef0123456789abcdef"',
    durationSeconds: 10,
    width: 640,
    height: 360,
    hasAudio: true,
    frameCount: 40,
    fingerprintId,
  })
}

/** The body of POST /jobs. */
export function jobXml(fields: {
  readonly dnaDbId: string
  readonly object?: string
  readonly ruleType?: string
  readonly videoId?: string
  readonly userData?: string
  /** XML of further elements after Operation. */
  readonly more?: string
}): string {
  const {
    dnaDbId,
    object = 'input/demo.mp4',
    ruleType = 'FindSimilarVideo',
    videoId,
    userData,
    more,
  } = fields
  const video = videoId === undefined ? '' : `<VideoId>${videoId}</VideoId>`
  const data = userData === undefined ? '' : `<UserData>${userData}</UserData>`
  return `<Request><Tag>DNA</Tag><Input><Object>${object}</Object></Input><Operation><DnaConfig><RuleType>${ruleType}</RuleType><DnaDbId>${dnaDbId}</DnaDbId>${video}</DnaConfig>${data}</Operation>${more ?? ''}</Request>`
}
