import { roles } from '@kinoprint/core'
import { z } from 'zod'
import { parseCallbackSecrets } from './callback-secrets.ts'
import { parseCertificates, parseKafkaBrokers, saslMechanisms } from './kafka-settings.ts'
import { parseMqNames } from './mq-names.ts'
import { parseAllowList, parseTrustProxy } from './networks.ts'
import { parseIssuer, parsePublicUrl, parseRoleMap, parseScopes } from './oidc-settings.ts'
import { parseOrigins } from './origins.ts'
import { parseInputFormats } from './parse-input-formats.ts'
import {
  bucketName,
  host,
  integer,
  namedUrls,
  oneOf,
  onOrOff,
  optional,
  passphrase,
  setting,
  text,
  token,
  url,
  urls,
} from './setting-values.ts'
import { parsePairs, parseShare, samplerNames } from './tracing/tracing-settings.ts'

const DAY_SECONDS = 86_400

/** Every setting. `.env.example` is generated from this schema, in this order. */
export const settingsSchema = z.object({
  PORT: setting(integer(0, 65_535), {
    description: 'Port of the API. 0 takes a free port.',
    shown: '8080',
  }),
  HOST: setting(host, {
    description: 'Address that the servers listen on. 0.0.0.0 accepts connections from other machines.',
    shown: '127.0.0.1',
  }),
  TLS_CERT_FILE: optional(text, {
    description:
      'PEM file of a certificate with its chain. With TLS_KEY_FILE, the API serves https. A renewed certificate is used without a restart.',
  }),
  TLS_KEY_FILE: optional(text, { description: 'PEM file of the private key of that certificate.' }),
  WORKER_PORT: setting(integer(0, 65_535), {
    description: 'Port of /healthz, /readyz and /metrics in a separate worker. 0 takes a free port.',
    shown: '8081',
  }),
  DATA_DIR: setting(text, {
    description: 'Folder of the embedded database, the buckets, the generated secrets and the thumbnails.',
    shown: './data',
  }),
  DATABASE_URL: optional(url('postgres', 'postgresql'), {
    description:
      'PostgreSQL 15 or newer with pgvector 0.7 or newer. Unset: an embedded database in DATA_DIR.',
    secret: true,
  }),
  DATABASE_READ_URLS: optional(urls('postgres', 'postgresql'), {
    description:
      'Streaming replicas of DATABASE_URL that searches read: URLs separated by spaces. Unset: none.',
    secret: true,
  }),
  SHARD_URLS: optional(namedUrls('postgres', 'postgresql'), {
    description:
      'Other PostgreSQL servers for fingerprints and their index: name=URL separated by spaces. See `kinoprint admin shards`. Unset: none.',
    secret: true,
  }),
  SHARD_AWAY: setting(oneOf('elsewhere', 'wait'), {
    description:
      'Where a video is stored whose shard is away: elsewhere (on another shard of its library), or wait (for that shard).',
    shown: 'elsewhere',
  }),
  REDIS_URL: optional(url('redis', 'rediss'), {
    description:
      'Redis 6.2 or newer for the job queue. Needs DATABASE_URL. Unset: the queue is in the database.',
    secret: true,
  }),
  BUCKETS_DIR: optional(text, {
    description:
      'Folder of the buckets. Object a/b.mp4 of bucket x-125 is the file x-125/a/b.mp4. Unset: $DATA_DIR/buckets.',
  }),
  S3_ENDPOINT: optional(url('http', 'https'), {
    description: 'URL of an S3-compatible store. Objects are then read from it instead of BUCKETS_DIR.',
  }),
  S3_REGION: optional(token, { description: 'Region of the S3 store. Unset: us-east-1.' }),
  S3_ACCESS_KEY_ID: optional(token, { description: 'Access key id for the S3 store.', secret: true }),
  S3_SECRET_ACCESS_KEY: optional(token, { description: 'Secret access key for the S3 store.', secret: true }),
  S3_FORCE_PATH_STYLE: optional(onOrOff, {
    description:
      'Put the bucket into the path of S3 URLs instead of the host name, as most self-hosted stores require. Unset: on, except for the hosts of Tencent COS and Alibaba OSS.',
  }),
  S3_RANGES: optional(onOrOff, {
    description:
      'Read only the needed parts of S3 objects for checks, stills and previews. Off: copy whole objects. Unset: on.',
  }),
  DEFAULT_BUCKET: setting(bucketName, {
    description: 'Bucket of requests whose Host header and API key name none.',
    shown: 'kinoprint-1250000000',
  }),
  DEFAULT_REGION: setting(token, {
    description: 'Region of requests whose Host header names none.',
    shown: 'local',
  }),
  ADMIN_TOKEN: optional(token, {
    description:
      'Bearer token of the admin API. Unset: generated at the first start in $DATA_DIR/admin-token.',
    secret: true,
  }),
  SECRET_ID: optional(token, {
    description:
      'Id of an API key with all permissions. Unset: generated at the first start in $DATA_DIR/first-key.json.',
    secret: true,
  }),
  SECRET_KEY: optional(token, { description: 'Secret of that API key.', secret: true }),
  ENCRYPTION_KEY: optional(passphrase, {
    description:
      'Encrypts the API secrets in the database: 32 bytes as hex or base64, or a passphrase of at least 12 characters. Unset: generated at the first start in $DATA_DIR/encryption-key.',
    secret: true,
  }),
  HMA_TOKEN: optional(token, {
    description:
      'Token for clients of Hasher-Matcher-Actioner under /hma (docs/hma.md). Unset: there is no /hma.',
    secret: true,
  }),
  PUBLIC_URL: optional(parsePublicUrl, {
    description:
      'Address at which browsers reach this server, such as https://kinoprint.example.com. OIDC_ISSUER needs it.',
  }),
  OIDC_ISSUER: optional(parseIssuer, {
    description:
      'Identity provider (OpenID Connect) at which people sign in to the console (docs/operations.md). Unset: only the admin token signs in.',
  }),
  OIDC_CLIENT_ID: optional(token, { description: 'Id of this server at the identity provider.' }),
  OIDC_CLIENT_SECRET: optional(token, {
    description: 'Secret of that client. Unset: a public client, protected by PKCE alone.',
    secret: true,
  }),
  OIDC_SCOPES: setting(parseScopes, {
    description: 'Scopes to ask for, separated by spaces. Must contain openid.',
    shown: 'openid profile email',
  }),
  OIDC_ROLE_CLAIM: setting(token, {
    description:
      'Claim of the ID token that contains the roles or groups of a person: its name, or a path such as realm_access.roles.',
    shown: 'roles',
  }),
  OIDC_ROLES: setting(parseRoleMap, {
    description:
      'Role of each value of that claim: a comma-separated list of VALUE=ROLE. Roles are viewer, reviewer, operator and admin. The highest counts.',
    shown: 'viewer=viewer,reviewer=reviewer,operator=operator,admin=admin',
  }),
  OIDC_DEFAULT_ROLE: setting(oneOf('none', ...roles), {
    description:
      'Role of people with none of these values. none refuses them until an admin gives them a role.',
    shown: 'none',
  }),
  AMQP_URL: optional(url('amqp', 'amqps'), {
    description: 'RabbitMQ for callbacks of type TDMQ.',
    secret: true,
  }),
  AMQP_NAMES: setting(parseMqNames, {
    description:
      'Queues and exchanges that callbacks may go to: a comma-separated list of names, or of prefixes that end in *. Names that begin with amq. are never allowed.',
    shown: 'kinoprint.*',
  }),
  KAFKA_BROKERS: optional(parseKafkaBrokers, {
    description: 'Kafka for callbacks of type Kafka: a comma-separated list of host:port. Unset: none.',
  }),
  KAFKA_TOPICS: setting(parseMqNames, {
    description:
      'Topics that callbacks may go to: a comma-separated list of names, or of prefixes that end in *.',
    shown: 'kinoprint.*',
  }),
  KAFKA_TLS: optional(onOrOff, {
    description: 'Connect to Kafka with TLS and check the certificates of its brokers. Unset: off.',
  }),
  KAFKA_CA: optional(parseCertificates, {
    description:
      'PEM certificates of the authority that signs the certificates of the brokers. Unset: the authorities that Node.js trusts.',
    secret: true,
  }),
  KAFKA_SASL: optional(oneOf(...saslMechanisms), {
    description:
      'How Kafka checks the user: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. Use PLAIN with TLS only. Unset: PLAIN.',
  }),
  KAFKA_USERNAME: optional(text, { description: 'User name for Kafka. Unset: no SASL.' }),
  KAFKA_PASSWORD: optional(text, { description: 'Password of that user.', secret: true }),
  TRUST_PROXY: setting(parseTrustProxy, {
    description:
      'Proxies whose X-Forwarded-* headers are trusted: off, their number, or a comma-separated list of IP addresses and CIDR ranges.',
    shown: 'off',
  }),
  CORS_ORIGINS: optional(parseOrigins, {
    description:
      'Web pages that may call the compatible API from a browser: a comma-separated list of origins such as https://app.example.com, or * for all. Unset: none.',
  }),
  CALLBACK_ALLOW: optional(parseAllowList, {
    description:
      'Private or loopback targets that callbacks may go to: a comma-separated list of host names, IP addresses and CIDR ranges. Unset: none.',
  }),
  INPUT_URL_ALLOW: optional(parseAllowList, {
    description:
      'Private or loopback hosts from which POST /admin/compare and /hma may read files by URL: a list as for CALLBACK_ALLOW. Unset: none.',
  }),
  CALLBACK_SECRETS: optional(parseCallbackSecrets, {
    description:
      'Secrets that sign every callback as Standard Webhooks (docs/callbacks.md): whsec_ and 24 to 64 bytes as base64, separated by commas while they are rotated. Unset: only the API key of a job signs its callback.',
    secret: true,
  }),
  WORKER_CONCURRENCY: optional(integer(1, 256), {
    description:
      'Jobs that a worker runs at once. With 1, a long video delays all others. Unset: the number of CPU cores.',
  }),
  FFMPEG_PATH: optional(text, {
    description: 'Path of ffmpeg. Unset: the one on the PATH, otherwise the one from @ffmpeg-installer.',
  }),
  FFPROBE_PATH: optional(text, {
    description: 'Path of ffprobe. Unset: the one on the PATH, otherwise the one from @ffprobe-installer.',
  }),
  FFMPEG_HWACCEL: setting(oneOf('none', 'auto', 'vaapi', 'cuda', 'videotoolbox'), {
    description:
      'Hardware that decodes videos: none, auto, vaapi, cuda or videotoolbox. If it cannot be opened at the start, software decodes (see docs/formats.md).',
    shown: 'none',
  }),
  ALLOW_BUNDLED_FFMPEG: setting(onOrOff, {
    description:
      'Let api and worker use the outdated ffmpeg from npm if the system has none. Unsafe for untrusted files.',
    shown: 'off',
  }),
  FFMPEG_STALL_SECONDS: setting(integer(1, DAY_SECONDS), {
    description:
      'Seconds without progress after which ffmpeg is killed and its job fails. For ffprobe at most 60.',
    shown: '120',
  }),
  DECODER_NICE: setting(integer(0, 19), {
    description:
      'CPU priority of ffmpeg and ffprobe, from 0 (same as the server) to 19 (lowest, keeps the API fast). Lower values finish jobs sooner on a busy machine. Linux with autogroup only.',
    shown: '19',
  }),
  RESULT_TAG: setting(oneOf('DNAResult', 'DnaResult', 'both'), {
    description: 'Element of the job result: DNAResult, DnaResult or both.',
    shown: 'both',
  }),
  CALLBACK_JSON_WRAPPER: setting(onOrOff, {
    description: 'Wrap JSON callbacks in a Response object.',
    shown: 'off',
  }),
  SIGNATURE_REQUIRE_HOST: setting(onOrOff, {
    description: 'Reject signatures that do not cover the Host header.',
    shown: 'off',
  }),
  DEDUPE_SECONDS: setting(integer(0, DAY_SECONDS), {
    description:
      'Seconds for which a request that an SDK marks as a retry returns the existing job. 0 disables this.',
    shown: '10',
  }),
  WAITING_JOBS_PER_KEY: setting(integer(0, 10_000_000), {
    description:
      'Maximum waiting jobs of one API key across all queues. Further requests get QueueSaturated. 0 disables the limit.',
    shown: '5000',
  }),
  REQUESTS_PER_SECOND: setting(integer(0, 1_000_000), {
    description:
      'Maximum requests per second from one IP address, with bursts of up to twice as many. Further requests get SlowDown. 0 disables the limit.',
    shown: '2000',
  }),
  WRONG_KEYS_PER_MINUTE: setting(integer(0, 1_000_000), {
    description:
      'Maximum wrong signatures and admin tokens per minute from one IP address. Further attempts get SlowDown. 0 disables the limit.',
    shown: '120',
  }),
  JOB_RETENTION_DAYS: setting(integer(1, 36_500), {
    description: 'Days for which finished jobs and their callback deliveries are kept.',
    shown: '90',
  }),
  QUERY_RETENTION_DAYS: setting(integer(0, 36_500), {
    description:
      'Days for which the fingerprint of a query is kept after its last search, less than 1 MB per hour of video. 0 keeps none.',
    shown: '30',
  }),
  AUDIT_RETENTION_DAYS: setting(integer(0, 36_500), {
    description: 'Days for which entries of the audit log are kept. 0 keeps them forever.',
    shown: '0',
  }),
  FLOOD_MATCHES: setting(integer(0, 100_000), {
    description:
      'Number of different videos that must match the same seconds of a stored video within FLOOD_WINDOW_SECONDS for that passage to be held back. 0 disables the flood guard.',
    shown: '0',
  }),
  FLOOD_WINDOW_SECONDS: setting(integer(60, 30 * DAY_SECONDS), {
    description: 'Seconds within which these matches must be found.',
    shown: '3600',
  }),
  INPUT_FORMATS: setting(parseInputFormats, {
    description:
      'Formats of video files that are accepted: all, or a comma-separated list of mp4 (with MOV and 3GP), matroska (with WebM), mpegts, mpegps, avi, flv, asf, mxf and ogg. scan and compare accept all unless this is set.',
    shown: 'mp4',
  }),
  MAX_VIDEO_SECONDS: setting(integer(1, DAY_SECONDS), {
    description:
      'Videos of this length in seconds or longer are rejected, at most 86400. scan and compare accept up to that unless this is set.',
    shown: '1800',
  }),
  FILM_PIECE_SECONDS: setting(integer(1, DAY_SECONDS), {
    description:
      'Videos of at least three times this length, in seconds, are decoded in pieces of this length. A job whose worker dies continues after the last finished piece.',
    shown: '600',
  }),
  MAX_OBJECT_BYTES: setting(integer(1, Number.MAX_SAFE_INTEGER), {
    description: 'Objects larger than this, in bytes, are rejected before they are read.',
    shown: '21474836480',
  }),
  STORE_DETAIL: setting(oneOf('full', 'keyframes'), {
    description:
      'What new libraries store of a video: full, or keyframes, which takes less space and CPU time and finds fewer copies (see docs/operations.md).',
    shown: 'full',
  }),
  LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    description: 'Lowest level that is logged: trace, debug, info, warn, error, fatal or silent.',
    shown: 'info',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url('http', 'https'), {
    description:
      'OpenTelemetry collector that traces are sent to, over HTTP as JSON, such as http://collector:4318. Unset: no traces (see docs/operations.md).',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: optional(parsePairs, {
    description: 'Headers for the collector: name=value pairs separated by commas, values percent-encoded.',
    secret: true,
  }),
  OTEL_SERVICE_NAME: optional(token, {
    description: 'Service name of the traces. Unset: kinoprint, kinoprint-api or kinoprint-worker.',
  }),
  OTEL_RESOURCE_ATTRIBUTES: optional(parsePairs, {
    description:
      'Further attributes of every trace, such as deployment.environment.name=test: pairs as above.',
  }),
  OTEL_TRACES_SAMPLER: setting(oneOf(...samplerNames), {
    description: `Which traces are sent: ${samplerNames.slice(0, -1).join(', ')} or ${samplerNames.at(-1)}.`,
    shown: 'parentbased_always_on',
  }),
  OTEL_TRACES_SAMPLER_ARG: setting(parseShare, {
    description: 'Share of the traces that a traceidratio sampler keeps, from 0 to 1.',
    shown: '1',
  }),
})

export type SettingName = keyof typeof settingsSchema.shape
export const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[]
