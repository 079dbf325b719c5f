import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Environment, loadSettings, type Role } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The message about invalid settings; empty if all are valid. */
function problemsOf(env: Environment, role: Role = 'serve'): string {
  try {
    loadSettings(env, { role })
  } catch (error) {
    expect(error).toMatchObject({ name: 'Fault', code: 'InvalidSettings' })
    return (error as Error).message
  }
  return ''
}

describe('the settings', () => {
  test('settings have the documented defaults when none is set', () => {
    expect(loadSettings({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      tls: null,
      kafkaBrokers: [],
      kafkaTopics: ['kinoprint.*'],
      kafkaSecurity: { tls: null, login: null },
      workerPort: 8081,
      dataDir: resolve('data'),
      databaseUrl: null,
      databaseReadUrls: [],
      shardUrls: new Map(),
      shardAway: 'elsewhere',
      redisUrl: null,
      bucketsDir: resolve('data/buckets'),
      s3: null,
      defaultBucket: 'kinoprint-1250000000',
      defaultRegion: 'local',
      adminToken: null,
      firstKey: null,
      encryptionKey: null,
      amqpUrl: null,
      amqpNames: ['kinoprint.*'],
      hmaToken: null,
      oidc: null,
      trustProxy: false,
      corsOrigins: [],
      callbackAllow: [],
      inputUrlAllow: [],
      callbackSecrets: [],
      workerConcurrency: availableParallelism(),
      ffmpegPath: null,
      ffprobePath: null,
      ffmpegHwaccel: 'none',
      allowBundledFfmpeg: false,
      ffmpegStallSeconds: 120,
      decoderNice: 19,
      resultTag: 'both',
      callbackJsonWrapper: false,
      signatureRequireHost: false,
      dedupeSeconds: 10,
      waitingPerKey: 5000,
      requestsPerSecond: 2000,
      wrongKeysPerMinute: 120,
      jobRetentionDays: 90,
      queryRetentionDays: 30,
      auditRetentionDays: 0,
      inputFormats: ['mp4'],
      maxVideoSeconds: 1800,
      filmPieceSeconds: 600,
      flood: { matches: 0, windowSeconds: 3600 },
      maxObjectBytes: 20 * 1024 ** 3,
      storeDetail: 'full',
      logLevel: 'info',
      tracing: null,
    })
  })

  test('INPUT_FORMATS takes all or a list in any order, and names an unknown format', () => {
    expect(loadSettings({ INPUT_FORMATS: 'Matroska, mp4,' }).inputFormats).toEqual(['mp4', 'matroska'])
    expect(loadSettings({ INPUT_FORMATS: 'all' }).inputFormats).toHaveLength(11)
    for (const value of ['hls', 'mp4,concat', ',', 'all,mp4'])
      expect(() => loadSettings({ INPUT_FORMATS: value })).toThrow(/INPUT_FORMATS must be all, or a .*list/)
  })

  test('an empty value counts as unset', () => {
    expect(loadSettings({ PORT: '', DATABASE_URL: ' ', REDIS_URL: '' })).toEqual(loadSettings({}))
  })

  test('buckets are in the data folder unless BUCKETS_DIR is set', () => {
    expect(loadSettings({ DATA_DIR: '/srv/kino' }).bucketsDir).toBe('/srv/kino/buckets')
    expect(loadSettings({ DATA_DIR: '/srv/kino', BUCKETS_DIR: '/films' }).bucketsDir).toBe('/films')
  })

  test('every invalid setting is listed in one message', () => {
    const message = problemsOf({
      PORT: 'abc',
      WORKER_CONCURRENCY: '0',
      LOG_LEVEL: 'loud',
      RESULT_TAG: 'dnaresult',
      TRUST_PROXY: 'all',
      CALLBACK_ALLOW: '10.0.0.0/40,ok.example',
      REDIS_URL: 'redis://127.0.0.1',
      SECRET_ID: 'AKIDx',
      S3_REGION: 'here',
    })
    expect(message.split('\n')).toEqual([
      'These settings are invalid:',
      '- PORT must be a whole number from 0 to 65535, not "abc".',
      '- TRUST_PROXY must be off, a number of proxies, or a comma-separated list of IP addresses and CIDR ranges, not "all".',
      '- CALLBACK_ALLOW must be a comma-separated list of host names, IP addresses and CIDR ranges without ports, not "10.0.0.0/40".',
      '- WORKER_CONCURRENCY must be a whole number from 1 to 256, not "0".',
      '- RESULT_TAG must be DNAResult, DnaResult or both, not "dnaresult".',
      '- LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent, not "loud".',
      '- REDIS_URL needs DATABASE_URL. The embedded database has a queue of its own.',
      '- SECRET_ID and SECRET_KEY belong together. Set both or neither.',
      '- S3_REGION is set, but S3_ENDPOINT is not.',
    ])
  })

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '1e3'],
    ['PORT', '0x50'],
    ['WORKER_CONCURRENCY', '257'],
    ['WORKER_CONCURRENCY', '2 '.repeat(2)],
    ['MAX_VIDEO_SECONDS', '0'],
    ['MAX_OBJECT_BYTES', '0'],
    ['JOB_RETENTION_DAYS', '0'],
    ['QUERY_RETENTION_DAYS', '-1'],
    ['AUDIT_RETENTION_DAYS', '1.5'],
    ['FLOOD_MATCHES', '-1'],
    ['FLOOD_WINDOW_SECONDS', '59'],
    ['DEDUPE_SECONDS', '-5'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://root@localhost/db'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_READ_URLS', 'postgres://a/k, postgres://b/k mysql://c/k'],
    ['DATABASE_READ_URLS', 'postgres://a/k'],
    ['SHARD_URLS', 'one=postgres://a/k'],
    ['SHARD_URLS', 'postgres://a/k'],
    ['SHARD_URLS', 'one=mysql://a/k'],
    ['SHARD_URLS', 'one=postgres://a/k one=postgres://b/k'],
    ['SHARD_AWAY', 'never'],
    ['AMQP_URL', 'http://rabbit'],
    ['S3_ENDPOINT', 's3.local:9000'],
    ['DEFAULT_BUCKET', '../etc'],
    ['DEFAULT_BUCKET', 'a/b'],
    ['ADMIN_TOKEN', 'with a space'],
    ['ADMIN_TOKEN', 'line\nbreak'],
    ['ENCRYPTION_KEY', 'short'],
    ['CALLBACK_JSON_WRAPPER', 'maybe'],
    ['TRUST_PROXY', 'true'],
    ['CORS_ORIGINS', 'app.example.com'],
    ['CORS_ORIGINS', 'https://app.example.com/path'],
    ['CORS_ORIGINS', '*,https://a.example'],
    ['CORS_ORIGINS', 'file:///x'],
    ['TRUST_PROXY', '17'],
    ['CALLBACK_ALLOW', 'host:8080'],
    ['CALLBACK_ALLOW', '10.0.0.256'],
  ])('the setting %s=%s is rejected', (name, value) => {
    expect(problemsOf({ [name]: value })).toContain(`- ${name} `)
  })

  test('any text in any setting gives settings or Fault InvalidSettings', () => {
    const names = Object.keys(ALL_GIVEN)
    const env = fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'binary' }))
    fc.assert(fc.property(env, (given) => void problemsOf(given)))
  })

  test('all settings are read from the environment', () => {
    expect(loadSettings(ALL_GIVEN, { role: 'api' })).toMatchObject({
      port: 0,
      host: '::',
      databaseUrl: 'postgres://u:p@db/kino',
      databaseReadUrls: ['postgres://u:p@one/kino', 'postgres://u:p@two/kino'],
      shardUrls: new Map([
        ['one', 'postgres://u:p@three/kino'],
        ['two', 'postgres://u:p@four/kino?sslmode=require'],
      ]),
      shardAway: 'wait',
      redisUrl: 'rediss://:p@cache:6380/1',
      s3: {
        endpoint: 'https://s3.local:9000',
        region: 'eu-1',
        accessKeyId: 'id',
        secretAccessKey: 'key',
        forcePathStyle: false,
        ranges: false,
      },
      firstKey: { secretId: 'AKIDa', secretKey: 'b' },
      trustProxy: ['10.0.0.1', 'fd00::/8', 'loopback'],
      corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
      callbackAllow: [
        { kind: 'host', host: 'hooks.internal' },
        { kind: 'network', address: '127.0.0.1', prefixBits: 32, family: 'ipv4' },
        { kind: 'network', address: 'fd00::', prefixBits: 8, family: 'ipv6' },
      ],
      workerConcurrency: 3,
      callbackJsonWrapper: true,
      signatureRequireHost: true,
      dedupeSeconds: 0,
    })
  })

  test('an S3 store needs its access key, and has defaults for its other settings', () => {
    expect(problemsOf({ S3_ENDPOINT: 'http://s3' }).split('\n').slice(1)).toEqual([
      '- S3_ENDPOINT needs S3_ACCESS_KEY_ID.',
      '- S3_ENDPOINT needs S3_SECRET_ACCESS_KEY.',
    ])
    const { s3 } = loadSettings({
      S3_ENDPOINT: 'http://s3',
      S3_ACCESS_KEY_ID: 'a',
      S3_SECRET_ACCESS_KEY: 'b',
    })
    expect(s3).toMatchObject({ region: 'us-east-1', forcePathStyle: true })
  })

  test('buckets are put into the host of COS and OSS, which refuse them in the path, unless a setting says otherwise', () => {
    const isInPath = (endpoint: string, more: object = {}) =>
      loadSettings({ S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b', ...more }).s3
        ?.forcePathStyle
    expect(isInPath('https://cos.ap-guangzhou.myqcloud.com')).toBe(false)
    expect(isInPath('https://oss-cn-hangzhou.aliyuncs.com')).toBe(false)
    expect(isInPath('https://cos.ap-guangzhou.myqcloud.com', { S3_FORCE_PATH_STYLE: 'on' })).toBe(true)
    expect(isInPath('https://myqcloud.com.example')).toBe(true)
  })

  test.each(['api', 'worker'] as const)('the %s needs a database server', (role) => {
    expect(problemsOf({}, role)).toContain(`The ${role} needs DATABASE_URL`)
    expect(problemsOf({ DATABASE_URL: 'postgres://db/kino' }, role)).toBe('')
  })

  test.each([
    ['off', false],
    ['0', false],
    ['2', 2],
    ['10.0.0.1', ['10.0.0.1']],
    [' 10.0.0.0/8 , ::1 ', ['10.0.0.0/8', '::1']],
  ])('TRUST_PROXY=%s is accepted', (value, expected) => {
    expect(loadSettings({ TRUST_PROXY: value }).trustProxy).toEqual(expected)
  })
})

describe('a secret in a file', () => {
  const file = (name: string, content: string): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  test('a secret from a file is read without its final line break', () => {
    const env = {
      ADMIN_TOKEN_FILE: file('token', 'from-a-file\n'),
      DATABASE_URL_FILE: file('db', 'postgres://db/k\n'),
    }
    expect(loadSettings(env, { role: 'worker' })).toMatchObject({
      adminToken: 'from-a-file',
      databaseUrl: 'postgres://db/k',
    })
  })

  test('a secret file that is missing, empty or set twice is reported', () => {
    const message = problemsOf({
      ADMIN_TOKEN_FILE: join(folder, 'nowhere'),
      ENCRYPTION_KEY_FILE: file('empty', '\n'),
      AMQP_URL: 'amqp://mq',
      AMQP_URL_FILE: file('amqp', 'amqp://other'),
    })
    expect(message).toContain(`- ADMIN_TOKEN_FILE names ${join(folder, 'nowhere')}, which cannot be read.`)
    expect(message).toContain(`- ENCRYPTION_KEY_FILE names ${join(folder, 'empty')}, which is empty.`)
    expect(message).toContain('- AMQP_URL and AMQP_URL_FILE are both set. Remove one of them.')
  })

  test('a secret never appears in a message', () => {
    const message = problemsOf({
      DATABASE_URL: 'mysql://u:hunter2@db',
      ADMIN_TOKEN: 'hunter2 hunter2',
      ENCRYPTION_KEY: 'hunter2',
    })
    expect(message.split('\n')).toHaveLength(4)
    expect(message).not.toContain('hunter2')
  })
})

const ALL_GIVEN = {
  PORT: '0',
  HOST: '::',
  WORKER_PORT: '9000',
  DATA_DIR: '/srv/kino',
  DATABASE_URL: 'postgres://u:p@db/kino',
  DATABASE_READ_URLS: 'postgres://u:p@one/kino  postgres://u:p@two/kino',
  SHARD_URLS: 'one=postgres://u:p@three/kino  two=postgres://u:p@four/kino?sslmode=require',
  SHARD_AWAY: 'wait',
  REDIS_URL: 'rediss://:p@cache:6380/1',
  BUCKETS_DIR: '/films',
  S3_ENDPOINT: 'https://s3.local:9000',
  S3_REGION: 'eu-1',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'key',
  S3_FORCE_PATH_STYLE: 'off',
  S3_RANGES: 'off',
  DEFAULT_BUCKET: 'films-125',
  DEFAULT_REGION: 'ap-chongqing',
  ADMIN_TOKEN: 'token',
  SECRET_ID: 'AKIDa',
  SECRET_KEY: 'b',
  ENCRYPTION_KEY: 'a'.repeat(64),
  AMQP_URL: 'amqp://mq',
  TRUST_PROXY: '10.0.0.1, fd00::/8, loopback',
  CORS_ORIGINS: 'https://app.example.com, http://localhost:5173/',
  CALLBACK_ALLOW: 'Hooks.internal,127.0.0.1,fd00::/8',
  WORKER_CONCURRENCY: '3',
  FFMPEG_PATH: '/opt/ffmpeg',
  FFPROBE_PATH: '/opt/ffprobe',
  DECODER_NICE: '0',
  RESULT_TAG: 'DNAResult',
  CALLBACK_JSON_WRAPPER: 'on',
  SIGNATURE_REQUIRE_HOST: 'TRUE',
  DEDUPE_SECONDS: '0',
  JOB_RETENTION_DAYS: '7',
  QUERY_RETENTION_DAYS: '0',
  AUDIT_RETENTION_DAYS: '365',
  MAX_VIDEO_SECONDS: '600',
  MAX_OBJECT_BYTES: '1000000',
  STORE_DETAIL: 'keyframes',
  LOG_LEVEL: 'warn',
} as const
