import { z } from 'zod'
import { parseMqNames } from './mq-names.ts'
import { parseAllowList, parseTrustProxy } from './networks.ts'
import { parseOrigins } from './origins.ts'
import {
  bucketName,
  host,
  integer,
  oneOf,
  onOrOff,
  optional,
  passphrase,
  setting,
  text,
  token,
  url,
} from './setting-values.ts'

const DAY_SECONDS = 86_400

/** Every setting of the product. `.env.example` is made from it, in this order. */
export const settingsSchema = z.object({
  PORT: setting(integer(0, 65_535), {
    description: 'Port of the API. 0 takes a free one.',
    shown: '8080',
  }),
  HOST: setting(host, {
    description: 'Address to listen on. 0.0.0.0 lets other machines in.',
    shown: '127.0.0.1',
  }),
  WORKER_PORT: setting(integer(0, 65_535), {
    description:
      'Port of /healthz, /readyz and /metrics of a worker that runs by itself. 0 takes a free one.',
    shown: '8081',
  }),
  DATA_DIR: setting(text, {
    description: 'Folder of the embedded database, the buckets, the admin token and the thumbnails.',
    shown: './data',
  }),
  DATABASE_URL: optional(url('postgres', 'postgresql'), {
    description:
      'PostgreSQL 15 or newer with pgvector 0.7 or newer. Unset: an embedded database in DATA_DIR.',
    secret: true,
  }),
  REDIS_URL: optional(url('redis', 'rediss'), {
    description:
      'Redis 6.2 or newer, for the job queue; needs DATABASE_URL. Unset: the queue is in the database.',
    secret: true,
  }),
  BUCKETS_DIR: optional(text, {
    description:
      'Folder of the buckets: object a/b.mp4 of bucket x-125 is x-125/a/b.mp4 in it. Unset: $DATA_DIR/buckets.',
  }),
  S3_ENDPOINT: optional(url('http', 'https'), {
    description: 'An S3-compatible store from which objects are read instead of BUCKETS_DIR.',
  }),
  S3_REGION: optional(token, { description: 'Region of that store. Unset: us-east-1.' }),
  S3_ACCESS_KEY_ID: optional(token, { description: 'Key of that store.', secret: true }),
  S3_SECRET_ACCESS_KEY: optional(token, { description: 'Secret of that key.', secret: true }),
  S3_FORCE_PATH_STYLE: optional(onOrOff, {
    description:
      'Put the bucket in the path and not in the host name, as most self-hosted stores want it. Unset: on.',
  }),
  DEFAULT_BUCKET: setting(bucketName, {
    description: 'Bucket of a request where neither its Host nor its key names one.',
    shown: 'kinoprint-1250000000',
  }),
  DEFAULT_REGION: setting(token, { description: 'Region of such a request.', shown: 'local' }),
  ADMIN_TOKEN: optional(token, {
    description: 'Bearer token of /admin. Unset: made at first start, kept in $DATA_DIR/admin-token.',
    secret: true,
  }),
  SECRET_ID: optional(token, {
    description:
      'Id of an API key that may do everything. Unset: made at first start, kept in $DATA_DIR/first-key.json.',
    secret: true,
  }),
  SECRET_KEY: optional(token, { description: 'Secret of that key.', secret: true }),
  ENCRYPTION_KEY: optional(passphrase, {
    description:
      'Encrypts the API secrets at rest: 32 bytes as hex or base64, or a passphrase. Unset: made at first start, kept in $DATA_DIR/encryption-key.',
    secret: true,
  }),
  AMQP_URL: optional(url('amqp', 'amqps'), {
    description: 'RabbitMQ for callbacks of type TDMQ.',
    secret: true,
  }),
  AMQP_NAMES: setting(parseMqNames, {
    description:
      'Queues and exchanges of that broker that callbacks may go to: a comma list of names, or of prefixes that end in *. Never amq.*.',
    shown: 'kinoprint.*',
  }),
  TRUST_PROXY: setting(parseTrustProxy, {
    description:
      'Believe X-Forwarded-* of these proxies: off, their number, or their IP addresses and CIDRs.',
    shown: 'off',
  }),
  CORS_ORIGINS: optional(parseOrigins, {
    description:
      'Web pages that may call the compatible API from a browser: a comma list of origins such as https://app.example.com, or * for all. Unset: none.',
  }),
  CALLBACK_ALLOW: optional(parseAllowList, {
    description: 'Hosts or CIDRs to which callbacks may go although they are private or loopback addresses.',
  }),
  WORKER_CONCURRENCY: optional(integer(1, 256), {
    description:
      'Jobs at once in a worker; with 1 a long video holds up all others. Unset: the number of cores.',
  }),
  FFMPEG_PATH: optional(text, {
    description: "The ffmpeg to use. Unset: the system's, else that of @ffmpeg-installer.",
  }),
  FFPROBE_PATH: optional(text, {
    description: "The ffprobe to use. Unset: the system's, else that of @ffprobe-installer.",
  }),
  ALLOW_BUNDLED_FFMPEG: setting(onOrOff, {
    description:
      'Let api and worker start with the old ffmpeg that npm brings, where the system has none. Unsafe for files from strangers.',
    shown: 'off',
  }),
  FFMPEG_STALL_SECONDS: setting(integer(1, DAY_SECONDS), {
    description:
      'An ffmpeg that shows no sign of life for so many seconds is ended, and its job fails; an ffprobe after 60 at most.',
    shown: '120',
  }),
  DECODER_NICE: setting(integer(0, 19), {
    description:
      'How far ffmpeg and ffprobe yield the CPU to the server and other programs: 19 keeps the API fast, 0 gives them an equal share and finishes jobs sooner on a busy machine. Linux with autogroup only.',
    shown: '19',
  }),
  RESULT_TAG: setting(oneOf('DNAResult', 'DnaResult', 'both'), {
    description: 'Element in which the result of a job stands: DNAResult, DnaResult or both.',
    shown: 'both',
  }),
  CALLBACK_JSON_WRAPPER: setting(onOrOff, {
    description: 'Wrap the JSON of callbacks in a Response object.',
    shown: 'off',
  }),
  SIGNATURE_REQUIRE_HOST: setting(onOrOff, {
    description: 'Refuse signatures that do not cover the Host header.',
    shown: 'off',
  }),
  DEDUPE_SECONDS: setting(integer(0, DAY_SECONDS), {
    description:
      'A POST that an SDK marks as a retry answers the job of the same request if that is no older, in seconds. 0 turns it off.',
    shown: '10',
  }),
  WAITING_JOBS_PER_KEY: setting(integer(0, 10_000_000), {
    description:
      'Jobs of one key that may wait, in all its queues together; more are answered QueueSaturated. 0 turns it off.',
    shown: '5000',
  }),
  REQUESTS_PER_SECOND: setting(integer(0, 1_000_000), {
    description:
      'Requests a second of one address, twice as many at once; more are answered SlowDown. 0 turns it off.',
    shown: '2000',
  }),
  WRONG_KEYS_PER_MINUTE: setting(integer(0, 1_000_000), {
    description:
      'Wrong signatures, and wrong admin tokens, of one address in a minute; more are answered SlowDown. 0 turns it off.',
    shown: '120',
  }),
  JOB_RETENTION_DAYS: setting(integer(1, 36_500), {
    description: 'Ended jobs and their deliveries are kept for so many days.',
    shown: '90',
  }),
  MAX_VIDEO_SECONDS: setting(integer(1, DAY_SECONDS), {
    description: 'A video of this length or longer is refused.',
    shown: '1800',
  }),
  MAX_OBJECT_BYTES: setting(integer(1, Number.MAX_SAFE_INTEGER), {
    description: 'An object with more bytes than this is refused before any of it is read.',
    shown: '21474836480',
  }),
  LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    description: 'trace, debug, info, warn, error, fatal or silent.',
    shown: 'info',
  }),
})

export type SettingName = keyof typeof settingsSchema.shape
export const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[]
