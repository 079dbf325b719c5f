import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault, type InputFormat, type StoreDetail } from '@kinoprint/core'
import type { z } from 'zod'
import type { CertificateFiles } from './certificate.ts'
import type { KafkaSecurity } from './kafka-settings.ts'
import type { MqNames } from './mq-names.ts'
import type { AllowedTarget, TrustProxy } from './networks.ts'
import type { OidcSettings } from './oidc-settings.ts'
import type { SettingMeta } from './setting-values.ts'
import { type SettingName, settingNames, settingsSchema } from './settings-schema.ts'
import type { TracingSettings } from './tracing/tracing-settings.ts'

type S3Settings = {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly forcePathStyle: boolean
  readonly ranges: boolean
}

/** The settings of a process. Paths are absolute; null means not set. */
export type Settings = {
  readonly port: number
  readonly host: string
  /** Certificate of the API; null if it serves http. */
  readonly tls: CertificateFiles | null
  readonly workerPort: number
  readonly dataDir: string
  readonly databaseUrl: string | null
  /** Replicas of databaseUrl that searches read. */
  readonly databaseReadUrls: readonly string[]
  /** Databases of the shards by name; empty without shards. */
  readonly shardUrls: ReadonlyMap<string, string>
  readonly shardAway: 'elsewhere' | 'wait'
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
  /** Empty without Kafka. */
  readonly kafkaBrokers: readonly string[]
  readonly kafkaTopics: MqNames
  readonly kafkaSecurity: KafkaSecurity
  /** Token of /hma; null if it is off. */
  readonly hmaToken: string | null
  /** Where people sign in; null without OpenID Connect. */
  readonly oidc: OidcSettings | null
  readonly trustProxy: TrustProxy
  readonly callbackAllow: readonly AllowedTarget[]
  readonly inputUrlAllow: readonly AllowedTarget[]
  /** Secrets that sign every callback, beside that of a job's API key. */
  readonly callbackSecrets: readonly Buffer[]
  /** Origins that may call the compatible API from a browser, or `*` alone. */
  readonly corsOrigins: readonly string[]
  readonly workerConcurrency: number
  readonly ffmpegPath: string | null
  readonly ffprobePath: string | null
  readonly ffmpegHwaccel: 'none' | 'auto' | 'vaapi' | 'cuda' | 'videotoolbox'
  /** Whether `api` and `worker` may use the ffmpeg from npm. */
  readonly allowBundledFfmpeg: boolean
  /** Time without progress after which ffmpeg is killed. */
  readonly ffmpegStallSeconds: number
  readonly decoderNice: number
  readonly resultTag: 'DNAResult' | 'DnaResult' | 'both'
  readonly callbackJsonWrapper: boolean
  readonly signatureRequireHost: boolean
  readonly dedupeSeconds: number
  /** Maximum waiting jobs of one key across all queues; 0 means no limit. */
  readonly waitingPerKey: number
  readonly requestsPerSecond: number
  readonly wrongKeysPerMinute: number
  readonly jobRetentionDays: number
  readonly queryRetentionDays: number
  /** 0 keeps the audit log forever. */
  readonly auditRetentionDays: number
  readonly inputFormats: readonly InputFormat[]
  readonly maxVideoSeconds: number
  readonly filmPieceSeconds: number
  /** When the flood guard holds a passage back; 0 matches: never. */
  readonly flood: { readonly matches: number; readonly windowSeconds: number }
  /** Larger objects are rejected before they are read. */
  readonly maxObjectBytes: number
  /** What new libraries store of a video, unless they choose. */
  readonly storeDetail: StoreDetail
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** Null if no traces are sent. */
  readonly tracing: TracingSettings | null
}

/**
 * What a process runs: `serve` runs the whole product, `api` and `worker` one half each with a shared database server,
 * and `tool` a command that exits when it is done.
 */
export type Role = 'serve' | 'api' | 'worker' | 'tool'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads all settings. Throws one Fault InvalidSettings that lists every invalid setting on a separate line. The message
 * never contains a secret.
 *
 * @example const settings = loadSettings(process.env, { role: 'serve' })
 */
export function loadSettings(env: Environment, { role = 'serve' }: { readonly role?: Role } = {}): Settings {
  const problems: string[] = []
  const given = readValues(env, problems)
  const result = settingsSchema.safeParse(given)
  if (!result.success) {
    for (const issue of result.error.issues) problems.push(`${issue.path.join('.')} ${issue.message}.`)
  }
  problems.push(...checkCombinations(given, role))
  if (!result.success || problems.length > 0) {
    const lines = problems.map((problem) => `- ${problem}`)
    throw new Fault('InvalidSettings', ['These settings are invalid:', ...lines].join('\n'))
  }
  return toSettings(result.data)
}

/** The text of each setting from NAME, or from the file named by NAME_FILE. An empty value counts as unset. */
function readValues(env: Environment, problems: string[]): Partial<Record<SettingName, string>> {
  const given: Partial<Record<SettingName, string>> = {}
  for (const name of settingNames) {
    const value = env[name]?.trim() || undefined
    const path = isSecret(name) ? env[`${name}_FILE`]?.trim() || undefined : undefined
    if (value !== undefined && path !== undefined) {
      problems.push(`${name} and ${name}_FILE are both set. Remove one of them.`)
    } else if (path !== undefined) {
      const content = readText(path)
      if (content) given[name] = content
      else
        problems.push(`${name}_FILE names ${path}, which ${content === '' ? 'is empty' : 'cannot be read'}.`)
    } else if (value !== undefined) {
      given[name] = value
    }
  }
  return given
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

export function metaOf(name: SettingName): SettingMeta {
  return settingsSchema.shape[name].meta() as SettingMeta
}

function isSecret(name: SettingName): boolean {
  return metaOf(name).secret === true
}

/** The settings that hold secrets. */
export const secretNames: readonly SettingName[] = settingNames.filter(isSecret)

/** Settings of Kafka that have no effect without another one. */
const kafkaNeeds = [
  ['KAFKA_TLS', 'KAFKA_BROKERS'],
  ['KAFKA_CA', 'KAFKA_TLS'],
  ['KAFKA_SASL', 'KAFKA_USERNAME'],
  ['KAFKA_USERNAME', 'KAFKA_BROKERS'],
] as const

/** Problems with combinations of settings. */
function checkCombinations(given: Partial<Record<SettingName, string>>, role: Role): string[] {
  const problems: string[] = []
  const has = (name: SettingName): boolean => given[name] !== undefined
  if (has('REDIS_URL') && !has('DATABASE_URL')) {
    problems.push('REDIS_URL needs DATABASE_URL. The embedded database has a queue of its own.')
  }
  if ((role === 'api' || role === 'worker') && !has('DATABASE_URL')) {
    problems.push(`The ${role} needs DATABASE_URL, because api and worker share a database server.`)
  }
  if (has('DATABASE_READ_URLS') && !has('DATABASE_URL')) {
    problems.push('DATABASE_READ_URLS needs DATABASE_URL. The embedded database has no replicas.')
  }
  if (has('SHARD_URLS') && !has('DATABASE_URL')) {
    problems.push('SHARD_URLS needs DATABASE_URL. The embedded database has no shards.')
  }
  if (has('SECRET_ID') !== has('SECRET_KEY')) {
    problems.push('SECRET_ID and SECRET_KEY belong together. Set both or neither.')
  }
  if (has('TLS_CERT_FILE') !== has('TLS_KEY_FILE')) {
    problems.push('TLS_CERT_FILE and TLS_KEY_FILE belong together. Set both or neither.')
  }
  for (const name of ['OIDC_CLIENT_ID', 'PUBLIC_URL'] as const) {
    if (has('OIDC_ISSUER') && !has(name)) problems.push(`OIDC_ISSUER needs ${name}.`)
  }
  for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const) {
    if (has(name) && !has('OIDC_ISSUER')) problems.push(`${name} is set, but OIDC_ISSUER is not.`)
  }
  if (has('KAFKA_USERNAME') !== has('KAFKA_PASSWORD')) {
    problems.push('KAFKA_USERNAME and KAFKA_PASSWORD belong together. Set both or neither.')
  }
  for (const [name, needed] of kafkaNeeds) {
    if (has(name) && !has(needed)) problems.push(`${name} is set, but ${needed} is not.`)
  }
  const s3Names = [
    ...(['S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const),
    ...(['S3_FORCE_PATH_STYLE', 'S3_RANGES'] as const),
  ]
  if (!has('S3_ENDPOINT')) {
    for (const name of s3Names.filter(has)) problems.push(`${name} is set, but S3_ENDPOINT is not.`)
    return problems
  }
  for (const name of ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const) {
    if (!has(name)) problems.push(`S3_ENDPOINT needs ${name}.`)
  }
  return problems
}

function toSettings(read: z.output<typeof settingsSchema>): Settings {
  const dataDir = resolve(read.DATA_DIR)
  return {
    port: read.PORT,
    host: read.HOST,
    tls:
      read.TLS_CERT_FILE === null || read.TLS_KEY_FILE === null
        ? null
        : { certFile: resolve(read.TLS_CERT_FILE), keyFile: resolve(read.TLS_KEY_FILE) },
    workerPort: read.WORKER_PORT,
    dataDir,
    databaseUrl: read.DATABASE_URL,
    databaseReadUrls: read.DATABASE_READ_URLS ?? [],
    shardUrls: read.SHARD_URLS ?? new Map(),
    shardAway: read.SHARD_AWAY,
    redisUrl: read.REDIS_URL,
    bucketsDir: read.BUCKETS_DIR === null ? join(dataDir, 'buckets') : resolve(read.BUCKETS_DIR),
    s3: toS3Settings(read),
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
    kafkaBrokers: read.KAFKA_BROKERS ?? [],
    kafkaTopics: read.KAFKA_TOPICS,
    kafkaSecurity: {
      tls: read.KAFKA_TLS === true ? { ca: read.KAFKA_CA } : null,
      login:
        read.KAFKA_USERNAME === null || read.KAFKA_PASSWORD === null
          ? null
          : {
              mechanism: read.KAFKA_SASL ?? 'PLAIN',
              username: read.KAFKA_USERNAME,
              password: read.KAFKA_PASSWORD,
            },
    },
    hmaToken: read.HMA_TOKEN,
    oidc: toOidcSettings(read),
    trustProxy: read.TRUST_PROXY,
    callbackAllow: read.CALLBACK_ALLOW ?? [],
    inputUrlAllow: read.INPUT_URL_ALLOW ?? [],
    callbackSecrets: read.CALLBACK_SECRETS ?? [],
    corsOrigins: read.CORS_ORIGINS ?? [],
    workerConcurrency: read.WORKER_CONCURRENCY ?? availableParallelism(),
    ffmpegPath: read.FFMPEG_PATH,
    ffprobePath: read.FFPROBE_PATH,
    ffmpegHwaccel: read.FFMPEG_HWACCEL,
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
    queryRetentionDays: read.QUERY_RETENTION_DAYS,
    auditRetentionDays: read.AUDIT_RETENTION_DAYS,
    flood: { matches: read.FLOOD_MATCHES, windowSeconds: read.FLOOD_WINDOW_SECONDS },
    inputFormats: read.INPUT_FORMATS,
    maxVideoSeconds: read.MAX_VIDEO_SECONDS,
    filmPieceSeconds: read.FILM_PIECE_SECONDS,
    maxObjectBytes: read.MAX_OBJECT_BYTES,
    storeDetail: read.STORE_DETAIL,
    logLevel: read.LOG_LEVEL,
    tracing: toTracingSettings(read),
  }
}

function toTracingSettings(read: z.output<typeof settingsSchema>): TracingSettings | null {
  if (read.OTEL_EXPORTER_OTLP_ENDPOINT === null) return null
  return {
    endpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: read.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: read.OTEL_SERVICE_NAME,
    attributes: read.OTEL_RESOURCE_ATTRIBUTES ?? {},
    sampler: read.OTEL_TRACES_SAMPLER,
    samplerArg: read.OTEL_TRACES_SAMPLER_ARG,
  }
}

function toOidcSettings(read: z.output<typeof settingsSchema>): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, PUBLIC_URL: publicUrl } = read
  if (issuer === null || clientId === null || publicUrl === null) return null
  return {
    ...{ issuer, clientId, publicUrl, clientSecret: read.OIDC_CLIENT_SECRET, scopes: read.OIDC_SCOPES },
    ...{ roleClaim: read.OIDC_ROLE_CLAIM, roles: read.OIDC_ROLES },
    defaultRole: read.OIDC_DEFAULT_ROLE === 'none' ? null : read.OIDC_DEFAULT_ROLE,
  }
}

/** Stores that refuse a bucket in the path: Tencent COS and Alibaba OSS. */
const HOSTED_BUCKETS = /\.(?:myqcloud\.com|aliyuncs\.com)$/i

function toS3Settings(read: z.output<typeof settingsSchema>): S3Settings | null {
  if (!read.S3_ENDPOINT || !read.S3_ACCESS_KEY_ID || !read.S3_SECRET_ACCESS_KEY) return null
  return {
    endpoint: read.S3_ENDPOINT,
    region: read.S3_REGION ?? 'us-east-1',
    accessKeyId: read.S3_ACCESS_KEY_ID,
    secretAccessKey: read.S3_SECRET_ACCESS_KEY,
    forcePathStyle: read.S3_FORCE_PATH_STYLE ?? !HOSTED_BUCKETS.test(new URL(read.S3_ENDPOINT).hostname),
    ranges: read.S3_RANGES ?? true,
  }
}
