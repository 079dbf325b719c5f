import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault } from '@kinoprint/core'
import type { z } from 'zod'
import type { MqNames } from './mq-names.ts'
import type { AllowedTarget, TrustProxy } from './networks.ts'
import type { SettingMeta } from './setting-values.ts'
import { type SettingName, settingNames, settingsSchema } from './settings-schema.ts'

export type S3Settings = {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly forcePathStyle: boolean
}

/** What the process was told by its environment. Paths are absolute; null is "not given". */
export type Settings = {
  readonly port: number
  readonly host: string
  readonly workerPort: number
  readonly dataDir: string
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly bucketsDir: string
  readonly s3: S3Settings | null
  readonly defaultBucket: string
  readonly defaultRegion: string
  readonly adminToken: string | null
  readonly firstKey: { readonly secretId: string; readonly secretKey: string } | null
  readonly encryptionKey: string | null
  readonly amqpUrl: string | null
  readonly amqpNames: MqNames
  readonly trustProxy: TrustProxy
  readonly callbackAllow: readonly AllowedTarget[]
  /** Origins that may call the compatible API from a browser, or `*` alone. */
  readonly corsOrigins: readonly string[]
  readonly workerConcurrency: number
  readonly ffmpegPath: string | null
  readonly ffprobePath: string | null
  /** Whether `api` and `worker` may start with the ffmpeg that npm brings. */
  readonly allowBundledFfmpeg: boolean
  /** Without a sign of life for so long an ffmpeg is ended. */
  readonly ffmpegStallSeconds: number
  readonly decoderNice: number
  readonly resultTag: 'DNAResult' | 'DnaResult' | 'both'
  readonly callbackJsonWrapper: boolean
  readonly signatureRequireHost: boolean
  readonly dedupeSeconds: number
  /** Jobs of one key that may wait in all its queues together; 0 for any number. */
  readonly waitingPerKey: number
  readonly requestsPerSecond: number
  readonly wrongKeysPerMinute: number
  readonly jobRetentionDays: number
  readonly maxVideoSeconds: number
  /** A larger object is refused before any of it is read. */
  readonly maxObjectBytes: number
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
}

/**
 * What the process is to be. `serve` is the whole product, `api` and `worker` are halves that can only meet in a
 * database server; a `tool` is a command that ends by itself.
 */
export type Role = 'serve' | 'api' | 'worker' | 'tool'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads every setting once. All that is wrong is listed in one Fault InvalidSettings, a line each; a secret is
 * never repeated in it.
 *
 * @example const settings = loadSettings(process.env, { role: 'serve' })
 */
export function loadSettings(env: Environment, { role = 'serve' }: { readonly role?: Role } = {}): Settings {
  const faults: string[] = []
  const given = givenValues(env, faults)
  const result = settingsSchema.safeParse(given)
  if (!result.success) {
    for (const issue of result.error.issues) faults.push(`${issue.path.join('.')} ${issue.message}.`)
  }
  faults.push(...unfitTogether(given, role))
  if (!result.success || faults.length > 0) {
    throw new Fault(
      'InvalidSettings',
      ['These settings are wrong:', ...faults.map((f) => `- ${f}`)].join('\n'),
    )
  }
  return assemble(result.data)
}

/** The text of each setting: from NAME, or from the file that NAME_FILE names. An empty value is none. */
function givenValues(env: Environment, faults: string[]): Partial<Record<SettingName, string>> {
  const given: Partial<Record<SettingName, string>> = {}
  for (const name of settingNames) {
    const value = env[name]?.trim() || undefined
    const path = isSecret(name) ? env[`${name}_FILE`]?.trim() || undefined : undefined
    if (value !== undefined && path !== undefined) {
      faults.push(`${name} and ${name}_FILE are both set: one of them is enough.`)
    } else if (path !== undefined) {
      const content = contentOf(path)
      if (content) given[name] = content
      else faults.push(`${name}_FILE names ${path}, which ${content === '' ? 'is empty' : 'cannot be read'}.`)
    } else if (value !== undefined) {
      given[name] = value
    }
  }
  return given
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

export function metaOf(name: SettingName): SettingMeta {
  return settingsSchema.shape[name].meta() as SettingMeta
}

const isSecret = (name: SettingName): boolean => metaOf(name).secret === true

/** Settings whose values nobody is to see. */
export const secretNames: readonly SettingName[] = settingNames.filter(isSecret)

/** What each setting by itself cannot know. */
function unfitTogether(given: Partial<Record<SettingName, string>>, role: Role): string[] {
  const faults: string[] = []
  const has = (name: SettingName): boolean => given[name] !== undefined
  if (has('REDIS_URL') && !has('DATABASE_URL')) {
    faults.push('REDIS_URL needs DATABASE_URL: the embedded database keeps its queue by itself.')
  }
  if ((role === 'api' || role === 'worker') && !has('DATABASE_URL')) {
    faults.push(`DATABASE_URL is needed to run the ${role} alone: api and worker meet in the database.`)
  }
  if (has('SECRET_ID') !== has('SECRET_KEY')) {
    faults.push('SECRET_ID and SECRET_KEY belong together: set both or none.')
  }
  const ofStore = ['S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_FORCE_PATH_STYLE'] as const
  if (!has('S3_ENDPOINT')) {
    for (const name of ofStore.filter(has)) faults.push(`${name} is set, but S3_ENDPOINT is not.`)
    return faults
  }
  for (const name of ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const) {
    if (!has(name)) faults.push(`${name} is needed with S3_ENDPOINT.`)
  }
  return faults
}

function assemble(read: z.output<typeof settingsSchema>): Settings {
  const dataDir = resolve(read.DATA_DIR)
  return {
    port: read.PORT,
    host: read.HOST,
    workerPort: read.WORKER_PORT,
    dataDir,
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    bucketsDir: read.BUCKETS_DIR === null ? join(dataDir, 'buckets') : resolve(read.BUCKETS_DIR),
    s3: s3Of(read),
    defaultBucket: read.DEFAULT_BUCKET,
    defaultRegion: read.DEFAULT_REGION,
    adminToken: read.ADMIN_TOKEN,
    firstKey:
      read.SECRET_ID === null || read.SECRET_KEY === null
        ? null
        : { secretId: read.SECRET_ID, secretKey: read.SECRET_KEY },
    encryptionKey: read.ENCRYPTION_KEY,
    amqpUrl: read.AMQP_URL,
    amqpNames: read.AMQP_NAMES,
    trustProxy: read.TRUST_PROXY,
    callbackAllow: read.CALLBACK_ALLOW ?? [],
    corsOrigins: read.CORS_ORIGINS ?? [],
    workerConcurrency: read.WORKER_CONCURRENCY ?? availableParallelism(),
    ffmpegPath: read.FFMPEG_PATH,
    ffprobePath: read.FFPROBE_PATH,
    allowBundledFfmpeg: read.ALLOW_BUNDLED_FFMPEG,
    ffmpegStallSeconds: read.FFMPEG_STALL_SECONDS,
    decoderNice: read.DECODER_NICE,
    resultTag: read.RESULT_TAG,
    callbackJsonWrapper: read.CALLBACK_JSON_WRAPPER,
    signatureRequireHost: read.SIGNATURE_REQUIRE_HOST,
    dedupeSeconds: read.DEDUPE_SECONDS,
    waitingPerKey: read.WAITING_JOBS_PER_KEY,
    requestsPerSecond: read.REQUESTS_PER_SECOND,
    wrongKeysPerMinute: read.WRONG_KEYS_PER_MINUTE,
    jobRetentionDays: read.JOB_RETENTION_DAYS,
    maxVideoSeconds: read.MAX_VIDEO_SECONDS,
    maxObjectBytes: read.MAX_OBJECT_BYTES,
    logLevel: read.LOG_LEVEL,
  }
}

function s3Of(read: z.output<typeof settingsSchema>): S3Settings | null {
  if (!read.S3_ENDPOINT || !read.S3_ACCESS_KEY_ID || !read.S3_SECRET_ACCESS_KEY) return null
  return {
    endpoint: read.S3_ENDPOINT,
    region: read.S3_REGION ?? 'us-east-1',
    accessKeyId: read.S3_ACCESS_KEY_ID,
    secretAccessKey: read.S3_SECRET_ACCESS_KEY,
    forcePathStyle: read.S3_FORCE_PATH_STYLE ?? true,
  }
}
