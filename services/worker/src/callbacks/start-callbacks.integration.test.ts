import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { QueueNotify } from '@kinoprint/core'
import type { Resolve } from '@kinoprint/runtime'
import {
  ensureQueue,
  listDeliveries,
  resendDelivery,
  retryJob,
  revokeKey,
  updateQueue,
} from '@kinoprint/store'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'
import { hang, openReceiver, type Receiver, reset, status } from './receiver.fixture.ts'
import type { CallbackOptions, RunningCallbacks } from './start-callbacks.ts'

let harness: CallbackHarness
let receiver: Receiver
let callbacks: RunningCallbacks | null = null
beforeAll(async () => {
  harness = await openCallbackHarness()
})
afterAll(() => harness.close())
beforeEach(async () => {
  receiver = await openReceiver()
})
afterEach(async () => {
  await callbacks?.close({ timeoutMs: 200 })
  callbacks = null
  await receiver.close()
  await harness.db.pool.query('delete from deliveries')
})

function send(options: Partial<CallbackOptions> = {}): void {
  callbacks = harness.send(options)
}
function toReceiver(format: 'XML' | 'JSON' = 'XML') {
  return { silent: false, type: 'Url', format, url: receiver.url } as const
}
function to(url: string) {
  return { silent: false, type: 'Url', format: 'XML', url } as const
}
function first() {
  const [request] = receiver.received
  if (request === undefined) throw new Error('No callback arrived.')
  return request
}
async function withQueue(notify: Partial<QueueNotify>, work: () => Promise<void>): Promise<void> {
  const { queueId, notify: before } = await ensureQueue(harness.db, { bucket: 'films-125', region: 'local' })
  await updateQueue(harness.db, queueId, { notify: { state: 'On', ...notify } })
  await work()
  await updateQueue(harness.db, queueId, { notify: before })
}

test('a callback is delivered once, as XML, signed with the secret of the key', {
  tags: ['callback-sent'],
}, async () => {
  const jobId = await harness.end(toReceiver(), { userData: 'mine & yours' })
  send()
  const delivery = await harness.settled(jobId)
  await delay(100)
  expect(receiver.received).toHaveLength(1)
  const { method, path, headers, body } = first()
  expect([method, path]).toEqual(['POST', '/callback'])
  expect(headers['content-type']).toBe('application/xml')
  expect(headers['x-ci-request-id']).toMatch(/^[A-Za-z0-9+/=]+$/)
  const hmac = createHmac('sha256', harness.key.secretKey).update(body).digest('hex')
  expect(headers['x-kinoprint-signature']).toBe(`sha256=${hmac}`)
  const text = body.toString()
  expect(text).toMatch(/^<Response><EventName>TaskFinish<\/EventName><JobsDetail><Code>Success<\/Code>/)
  expect(text).toContain(`<JobId>${jobId}</JobId><State>Success</State><Progress>100</Progress>`)
  expect(text).toContain('<DNAResult><Duration>10</Duration><VideoId>dv1</VideoId></DNAResult>')
  expect(text).toContain('<UserData>mine &amp; yours</UserData>')
  expect(delivery).toMatchObject({
    status: 'Delivered',
    attempts: 1,
    lastStatus: 200,
    lastError: null,
    body: text,
  })
  expect(delivery.attemptLog).toMatchObject([{ attempt: 1, httpStatus: 200, error: null }])
})

test('a failed job is reported too, as JSON if requested, wrapped if configured', {
  tags: ['callback-failed'],
}, async () => {
  const jobId = await harness.end(toReceiver('JSON'), { failed: true })
  send()
  await harness.settled(jobId)
  expect(first().headers['content-type']).toBe('application/json')
  const plain = JSON.parse(first().body.toString())
  expect(plain).toMatchObject({
    EventName: 'TaskFinish',
    JobsDetail: { JobId: jobId, State: 'Failed', Code: 'ResourceNotFound', Message: 'a.mp4 does not exist.' },
  })
  await callbacks?.close({ timeoutMs: 200 })
  const wrapped = await harness.end(toReceiver('JSON'))
  send({ callbackJsonWrapper: true, resultTag: 'DnaResult' })
  await harness.settled(wrapped)
  const second = JSON.parse(receiver.received.at(-1)?.body.toString() ?? '')
  expect(second.Response.JobsDetail.Operation.DnaResult).toEqual({ Duration: '10', VideoId: 'dv1' })
  expect(second.Response.JobsDetail.Operation.DNAResult).toBeUndefined()
})

test('every attempt at a callback verifies as Standard Webhooks, with one id and the time of the attempt', {
  tags: ['callback-replay'],
}, async () => {
  const [older, newer] = [randomBytes(32), randomBytes(24)]
  receiver.reply(status(500), status(500), status(200))
  const jobId = await harness.end(toReceiver('JSON'))
  send({ callbackSecrets: [newer, older] })
  const { deliveryId } = await harness.settled(jobId)
  await resendDelivery(harness.db, deliveryId)
  await expect.poll(() => receiver.received.length).toBe(4)
  const verifiers = [
    new Webhook(`whsec_${older.toString('base64')}`),
    new Webhook(newer.toString('base64')),
    new Webhook(harness.key.secretKey, { format: 'raw' }),
  ]
  for (const { headers, body } of receiver.received) {
    const given = headers as Record<string, string>
    expect(given['webhook-signature']?.split(' ')).toHaveLength(3)
    for (const verifier of verifiers) {
      expect(verifier.verify(body.toString(), given)).toMatchObject({ EventName: 'TaskFinish' })
      // The same request at another time, under another id, or with another body.
      const later = String(Number(given['webhook-timestamp']) + 30)
      expect(() => verifier.verify(body.toString(), { ...given, 'webhook-timestamp': later })).toThrow()
      expect(() => verifier.verify(body.toString(), { ...given, 'webhook-id': 'msg_other' })).toThrow()
      expect(() => verifier.verify(`${body.toString()} `, given)).toThrow()
    }
    expect(() => new Webhook(randomBytes(32).toString('base64')).verify(body.toString(), given)).toThrow()
  }
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  const other = await harness.end(toReceiver('JSON'))
  await harness.settled(other)
  expect(receiver.received.at(-1)?.headers['webhook-id']).not.toBe(first().headers['webhook-id'])
})

test('a captured callback does not verify six minutes later', { tags: ['callback-replay'] }, async () => {
  const jobId = await harness.end(toReceiver('JSON'))
  send()
  await harness.settled(jobId)
  const { headers, body } = first()
  const verifier = new Webhook(harness.key.secretKey, { format: 'raw' })
  const verify = () => verifier.verify(body.toString(), headers as Record<string, string>)
  expect(verify()).toMatchObject({ JobsDetail: { JobId: jobId } })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
  try {
    expect(verify).toThrow(/timestamp/)
  } finally {
    vi.useRealTimers()
  }
})

test('the secret of a revoked key still signs', async () => {
  const jobId = await harness.end(toReceiver())
  await revokeKey(harness.db, harness.key.secretId)
  send()
  await harness.settled(jobId)
  const hmac = createHmac('sha256', harness.key.secretKey).update(first().body).digest('hex')
  expect(first().headers['x-kinoprint-signature']).toBe(`sha256=${hmac}`)
})

test("a job's own callback takes precedence over its queue's, and `no` disables both", async () => {
  await withQueue({ url: receiver.url, resultFormat: 'JSON' }, async () => {
    send()
    const plain = await harness.end(null)
    await harness.settled(plain)
    expect(first().headers['content-type']).toBe('application/json')
    const own = await harness.end(to(`${receiver.url}/own`))
    await harness.settled(own)
    expect(receiver.received.map(({ path }) => path)).toEqual(['/callback', '/callback/own'])
    const silent = await harness.end({ silent: true, type: 'Url', format: 'XML' })
    await delay(100)
    expect(await listDeliveries(harness.db, silent)).toEqual([])
    expect(receiver.received).toHaveLength(2)
  })
})

test('a receiver that recovers gets the same body again, and every attempt is recorded', async () => {
  receiver.reply(status(500, 'out of\u0000 order'), reset, status(404), status(302), status(202))
  const jobId = await harness.end(toReceiver())
  send()
  const delivery = await harness.settled(jobId)
  expect(delivery).toMatchObject({ status: 'Delivered', attempts: 5, lastStatus: 202 })
  expect(delivery.attemptLog).toMatchObject([
    { attempt: 1, httpStatus: 500, error: 'The receiver returned 500: out of order' },
    { attempt: 2, httpStatus: null, error: expect.any(String) },
    { attempt: 3, httpStatus: 404, error: 'The receiver returned 404' },
    { attempt: 4, httpStatus: 302, error: 'The receiver returned 302 (redirects are not followed)' },
    { attempt: 5, httpStatus: 202, error: null },
  ])
  expect(new Set(receiver.received.map(({ body }) => body.toString())).size).toBe(1)
  expect(new Set(receiver.received.map(({ headers }) => headers['x-kinoprint-signature'])).size).toBe(1)
})

test('an attempt on a hanging receiver is aborted at the time limit and retried', async () => {
  receiver.reply(hang, status(200))
  const jobId = await harness.end(toReceiver())
  send({ timeoutMs: 300 })
  const delivery = await harness.settled(jobId)
  expect(delivery.attemptLog).toMatchObject([
    { error: 'The receiver did not answer within 0.3 s.', httpStatus: null },
    { error: null },
  ])
})

test('a callback is retried if its host name does not resolve in time', async () => {
  const answers: Resolve[] = [
    () => Promise.reject(new Error('getaddrinfo ENOTFOUND hooks.example')),
    () => new Promise(() => undefined),
    async () => [{ address: '127.0.0.1', family: 4 }],
  ]
  const jobId = await harness.end(to(`http://hooks.example:${receiver.port}/`))
  // Long enough that the third attempt is not cut short on a busy machine.
  send({ timeoutMs: 3_000, resolve: (host) => (answers.shift() ?? hangs)(host) })
  const delivery = await harness.settled(jobId)
  expect(delivery).toMatchObject({ status: 'Delivered', attempts: 3 })
  expect(delivery.attemptLog[0]?.error).toContain('ENOTFOUND')
})
const hangs: Resolve = () => new Promise(() => undefined)

test('a callback to an internal address is refused for good, without a request', async () => {
  const jobs = [
    await harness.end(toReceiver()),
    await harness.end(to(`http://2130706433:${receiver.port}/`)),
    await harness.end(to(`http://[::ffff:127.0.0.1]:${receiver.port}/`)),
    await harness.end(to('http://169.254.169.254/latest/meta-data/')),
  ]
  send({ callbackAllow: [] })
  for (const jobId of jobs) {
    const delivery = await harness.settled(jobId)
    expect(delivery).toMatchObject({ status: 'Failed', attempts: 1, nextAt: null, lastStatus: null })
    expect(delivery.lastError).toContain('not public and not allowed by CALLBACK_ALLOW')
  }
  expect(receiver.received).toEqual([])
})

test('a name that resolves differently after the check has no effect on the connection', async () => {
  const lookups: string[] = []
  const rebinding: Resolve = async (host) => {
    lookups.push(host)
    return lookups.length === 1
      ? [{ address: '127.0.0.2', family: 4 }]
      : [{ address: '127.0.0.1', family: 4 }]
  }
  const jobId = await harness.end(to(`http://rebinding.example:${receiver.port}/`))
  const outside = { kind: 'network', address: '127.0.0.2', prefixBits: 32, family: 'ipv4' } as const
  // 127.0.0.2 stands for the public address; 127.0.0.1, where the receiver listens, is internal.
  send({ callbackAllow: [outside], resolve: rebinding })
  const delivery = await harness.settled(jobId)
  expect(lookups).toEqual(['rebinding.example', 'rebinding.example'])
  expect(delivery).toMatchObject({ status: 'Failed', attempts: 2 })
  expect(delivery.attemptLog[0]?.error).toContain('127.0.0.2')
  expect(delivery.lastError).toContain('127.0.0.1, which is not public')
  expect(receiver.received).toEqual([])
})

test('a callback outlives its sender: it is due again after a shutdown and taken over after a crash', async () => {
  receiver.reply(hang, status(200))
  const jobId = await harness.end(toReceiver())
  send()
  await expect.poll(() => receiver.received.length).toBe(1)
  await callbacks?.close({ timeoutMs: 20 })
  const [put] = await listDeliveries(harness.db, jobId)
  expect(put).toMatchObject({ status: 'Pending', attempts: 1, lastError: expect.stringContaining('stopped') })
  // A killed sender leaves its lease behind; another sender takes over when the lease expires.
  await harness.db.pool.query(
    `update deliveries set attempts = 2, next_at = clock_timestamp() + interval '300 milliseconds'`,
  )
  send()
  expect(await harness.settled(jobId)).toMatchObject({ status: 'Delivered', attempts: 3 })
  expect(receiver.received).toHaveLength(2)
})

test('a callback is abandoned after a day, and a resend allows another day', {
  tags: ['callback-delivery'],
}, async () => {
  receiver.reply(status(503))
  const jobId = await harness.end(toReceiver())
  await harness.db.pool.query(`update deliveries set retrying_since = retrying_since - interval '24 hours'`)
  send({ retryPlan: { baseMs: 1, maxMs: 10, giveUpMs: 24 * 3_600_000 } })
  const given = await harness.settled(jobId)
  expect(given).toMatchObject({ status: 'Failed', attempts: 1, lastStatus: 503 })
  receiver.reply(status(503), status(200))
  await resendDelivery(harness.db, given.deliveryId)
  expect(await harness.settled(jobId)).toMatchObject({ status: 'Delivered', attempts: 3 })
  await resendDelivery(harness.db, given.deliveryId)
  const again = await harness.settled(
    jobId,
    ({ status, attempts }) => status === 'Delivered' && attempts === 4,
  )
  expect(again.attemptLog).toHaveLength(4)
  expect(new Set(receiver.received.map(({ body }) => body.toString())).size).toBe(1)
})

test('a job that was retried before its callback was sent reports only its new result', async () => {
  const jobId = await harness.end(toReceiver(), { failed: true })
  await retryJob(harness.db, jobId)
  send()
  const delivery = await harness.settled(jobId)
  expect(delivery).toMatchObject({
    status: 'Failed',
    lastError: expect.stringContaining('was retried before'),
  })
  expect(receiver.received).toEqual([])
})

test('a hanging receiver does not delay others, and several senders share the work', async () => {
  const stuck = await openReceiver()
  stuck.reply(hang)
  for (let count = 0; count < 24; count++) await harness.end(to(stuck.url))
  const jobs: string[] = []
  for (let count = 0; count < 12; count++) jobs.push(await harness.end(toReceiver()))
  send({ timeoutMs: 60_000 })
  const other = harness.send({ timeoutMs: 60_000 })
  for (const jobId of jobs) expect((await harness.settled(jobId)).status).toBe('Delivered')
  expect(receiver.received).toHaveLength(jobs.length)
  expect(stuck.received.length).toBeLessThan(16)
  await other.close({ timeoutMs: 20 })
  await callbacks?.close({ timeoutMs: 20 })
  await stuck.close()
})

test('a wakeup sends due callbacks at once, and a callback to a missing message broker stays pending', async () => {
  send({ pollMs: 3_600_000 })
  const jobId = await harness.end(toReceiver())
  callbacks?.wake()
  expect((await harness.settled(jobId)).status).toBe('Delivered')
  const mq = { silent: false, type: 'TDMQ', format: 'XML', mqMode: 'Queue', mqName: 'q' } as const
  const lost = await harness.end(mq)
  callbacks?.wake()
  const waiting = await harness.settled(lost, ({ attempts, lastError }) => attempts > 0 && lastError !== null)
  expect(waiting).toMatchObject({ status: 'Pending', lastError: expect.stringContaining('AMQP_URL') })
})
