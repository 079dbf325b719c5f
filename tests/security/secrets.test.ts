import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type S3Server, startS3Server } from '../../packages/objects/src/testing/s3-server.ts'
import { openReceiver, type Receiver, status } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import { sendSigned } from '../compat/raw-http.ts'
import { createClient, jobXml } from '../e2e/client.ts'
import { newDatabase, stop } from '../e2e/product.ts'
import { renderFootage } from '../footage.ts'
import { freePort, type Server, startRedis } from '../servers.ts'
import { type Watched, watch } from './watched-product.ts'

/** Every secret that the product receives. None resembles anything it prints. */
const secrets = {
  ADMIN_TOKEN: 'canary-admin-5f0c2a9b7d31',
  SECRET_KEY: 'canary-signing-81d3e6f24c70',
  ENCRYPTION_KEY: 'canary encryption 9b4417ac0e52',
  S3_SECRET_ACCESS_KEY: 'canary-storage-3e7790bd1f68',
  OIDC_CLIENT_SECRET: 'canary-sign-in-a61e09d7c3b8',
  databasePassword: 'canary-database-c6a85e013d94',
  redisPassword: 'canary-queue-7fb2960e4a15',
  brokerPassword: 'canary-broker-d02c13f7ab86',
}
const SECRET_ID = 'AKIDfirst'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-secrets-'))
let s3: S3Server
let redis: Server
let receiver: Receiver
let api: Watched
let worker: Watched
let url: string
let made = { secretId: '', secretKey: '' }
/** All responses with head and body, except the one that shows a new key's secret. */
const answered: string[] = []

function withPassword(address: string, name: string, password: string): string {
  const parsed = new URL(address)
  parsed.username ||= name
  parsed.password = password
  return parsed.href
}

async function settings(): Promise<Record<string, string>> {
  const { databasePassword, redisPassword, brokerPassword, ...given } = secrets
  const port = await freePort()
  return {
    ...given,
    SECRET_ID,
    OIDC_ISSUER: 'http://127.0.0.1:9',
    OIDC_CLIENT_ID: 'kinoprint',
    PUBLIC_URL: 'https://kinoprint.test',
    DATA_DIR: folder,
    DATABASE_URL: withPassword(await newDatabase(), 'postgres', databasePassword),
    REDIS_URL: withPassword(redis.url, 'default', redisPassword),
    AMQP_URL: `amqp://kinoprint:${brokerPassword}@127.0.0.1:${port}`,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: 'AK',
    CALLBACK_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'trace',
    PORT: '0',
    WORKER_PORT: '0',
  }
}

beforeAll(async () => {
  await renderFootage(join(folder, 'film.mp4'), { seed: 71, seconds: 6, width: 160, height: 90 })
  s3 = await startS3Server()
  receiver = await openReceiver()
  redis = await startRedis(folder)
  const given = await settings()
  api = watch(['api'], given)
  url = (await api.hasSaid(/ready on (http:\S+)/))[1] ?? ''
  worker = watch(['worker'], given)
  await worker.hasSaid(/ready on/)
})
afterAll(async () => {
  await Promise.all([stop(api.child), stop(worker.child), stop(redis.process)])
  await Promise.all([s3.close(), receiver.close()])
  rmSync(folder, { recursive: true, force: true })
})

const key = { secretId: SECRET_ID, secretKey: secrets.SECRET_KEY }
async function signed(path: string, body?: string, by = key): Promise<string> {
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await sendSigned(url, by, {
    method,
    path,
    host: '127.0.0.1',
    ...(body === undefined ? {} : { body }),
  })
  const text = `${JSON.stringify([...answer.headers])} ${answer.text}`
  answered.push(text)
  return text
}
async function plain(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url + path, init)
  const text = await answer.text()
  answered.push(`${JSON.stringify([...answer.headers])} ${text}`)
  return text
}
function admin(path: string, init: RequestInit = {}) {
  return plain(`/admin${path}`, { ...init, headers: { authorization: `Bearer ${secrets.ADMIN_TOKEN}` } })
}

test('valid requests with jobs, callbacks and a key succeed', async () => {
  const client = createClient({ url, adminToken: secrets.ADMIN_TOKEN, ...key })
  made = await client.adminJson('POST', '/keys', {
    name: 'made',
    actions: ['*'],
    libraries: ['*'],
    buckets: ['*'],
  })
  const library = await client.createLibrary()
  await client.upload('film.mp4', join(folder, 'film.mp4'))
  for (const object of ['film.mp4', 'absent.mp4', 'forbidden/film.mp4']) {
    const callback = `<CallBack>${receiver.url}/hook</CallBack></Request>`
    const body = jobXml({ rule: 'GetFingerPrint', library, object }).replace('</Request>', callback)
    const jobId = /<JobId>(\w+)/.exec(await signed('/jobs', body))?.[1] ?? ''
    await client.ended(jobId)
    await signed(`/jobs/${jobId}`)
    await admin(`/jobs/${jobId}`)
  }
  await expect.poll(() => receiver.received.length).toBe(3)
  for (const path of ['/libraries', '/jobs', '/keys', '/queues', '/stats', `/libraries/${library}/videos`])
    await admin(path)
  for (const path of ['/', '/docs', '/openapi.json', '/metrics', '/healthz', '/readyz']) await plain(path)
  await signed('/dnadb', undefined, made)
})

test('invalid requests are refused, even while servers are unavailable', async () => {
  await signed('/jobs', '<Request>')
  await signed('/jobs', `<Request><Tag>DNA</Tag><Input><Object>../x</Object></Input></Request>`)
  await signed('/dnadb', undefined, { ...key, secretKey: 'wrong' })
  await signed('/dnadb', undefined, { ...key, secretId: 'AKIDnobody' })
  await signed('/nowhere')
  await plain('/admin/stats', { headers: { authorization: 'Bearer wrong' } })
  await plain('/admin/stats')
  await admin('/libraries', { method: 'POST', body: '{"name":' })
  await admin('/jobs/j0')
  await admin('/objects/absent-1?prefix=x')
  s3.failNext.push(500, 500, 500, 500)
  await admin('/objects/kinoprint-1250000000')
  // The receiver fails and the broker is missing, then also the queue.
  receiver.reply(status(500, 'no'))
  await stop(redis.process, 'SIGKILL')
  const library = /"dnaDbId":"(\w+)"/.exec(await admin('/libraries'))?.[1] ?? ''
  await signed('/jobs', jobXml({ rule: 'FindSimilarVideo', library, object: 'later.mp4' }))
  await plain('/readyz')
  expect(api.child.exitCode).toBeNull()
})

test('commands with invalid settings fail at startup', async () => {
  const { DATABASE_URL: _, ...rest } = await settings()
  const password = secrets.databasePassword
  const broken = [
    { ...rest, DATABASE_URL: `postgres://kinoprint:${password}@127.0.0.1:${await freePort()}/x` },
    {
      ...rest,
      DATABASE_URL: `nonsense://kinoprint:${password}@127.0.0.1/x`,
      ADMIN_TOKEN: `${secrets.ADMIN_TOKEN} \u0007`,
    },
    {
      ...rest,
      DATABASE_URL: 'postgres://127.0.0.1/x',
      S3_SECRET_ACCESS_KEY: `${secrets.S3_SECRET_ACCESS_KEY} with a space`,
    },
  ]
  const runs = broken.map((env) => watch(['api'], env))
  expect(await Promise.all(runs.map(({ exited }) => exited))).toEqual([1, 1, 1])
  for (const run of runs) {
    expect(run.said().length).toBeGreaterThan(20)
    answered.push(run.said(), ...run.commandLines)
  }
})

test('no log, response, page or command line contains a secret', {
  tags: ['no-secrets-shown'],
}, async () => {
  const logs = [api.said(), worker.said()]
  expect(logs.join().match(/"level":"debug"/g)?.length).toBeGreaterThan(20)
  const commandLines = [...api.commandLines, ...worker.commandLines]
  expect(commandLines.join()).toMatch(/ffmpeg/)
  const callbacks = receiver.received.map(({ headers, body }) => JSON.stringify(headers) + body.toString())
  const everything = [...logs, ...answered, ...commandLines, ...callbacks].join('\n')
  expect(everything.length).toBeGreaterThan(50_000)
  expect(made.secretKey.length).toBeGreaterThan(20)
  for (const [name, secret] of Object.entries({ ...secrets, made: made.secretKey })) {
    for (const form of formsOf(secret)) expect(everything.includes(form), `${name} as ${form}`).toBe(false)
  }
})

test('the test recognises each form of a secret', () => {
  expect(formsOf('a b')).toEqual(['a b', 'YSBi', '612062', 'a%20b'])
})

/** The plain secret, and its forms in an Authorization header, a dump and a URL. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  return [...new Set([secret, base64, Buffer.from(secret).toString('hex'), encodeURIComponent(secret)])]
}

test('files with secrets are readable only by their owner', () => {
  // All secrets come from the settings here, so no file is written.
  for (const name of ['admin-token', 'first-key.json', 'encryption-key'])
    expect(() => readFileSync(join(folder, name))).toThrow(/ENOENT/)
})
