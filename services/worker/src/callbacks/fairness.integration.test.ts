import { insertDelivery } from '@kinoprint/store'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'
import { hang, openReceiver, type Receiver } from './receiver.fixture.ts'

const HANGING = 300
/** No attempt times out during a test, so a delivered callback has not waited for a hanging one. */
const timeoutMs = 600_000
/** CALLBACK_ALLOW=127.0.0.0/8 */
const loopback = { kind: 'network', address: '127.0.0.0', prefixBits: 8, family: 'ipv4' } as const

let harness: CallbackHarness
let receiver: Receiver
let stuck: Receiver
beforeAll(async () => {
  harness = await openCallbackHarness()
  receiver = await openReceiver()
  stuck = await openReceiver('0.0.0.0')
  stuck.reply(hang)
})
afterEach(async () => {
  await harness.db.pool.query('delete from deliveries')
})
afterAll(async () => {
  await harness.close()
  await receiver.close()
  await stuck.close()
})

function to(url: string) {
  return { silent: false, type: 'Url', format: 'XML', url } as const
}
async function newTenant(name: string): Promise<string> {
  return (await harness.newKey(name)).secretId
}

/** Callbacks of one tenant, each to a different hanging address, due before all others. */
async function hangingTenant(name: string): Promise<void> {
  await hangingCallbacks(await harness.end(null, { secretId: await newTenant(name) }))
}

async function hangingCallbacks(jobId: string): Promise<void> {
  for (let n = 0; n < HANGING; n++) {
    const url = `http://127.1.${n >> 8}.${n & 255}:${stuck.port}/${n}`
    await insertDelivery(harness.db.pool, { jobId, type: 'Url', format: 'XML', url })
  }
  await harness.db.pool.query(
    `update deliveries set next_at = next_at - interval '1 hour' where job_id = $1`,
    [jobId],
  )
}

async function expectOthersServed(): Promise<void> {
  const secretId = await newTenant('other')
  const jobs: string[] = []
  for (let n = 0; n < 12; n++) jobs.push(await harness.end(to(receiver.url), { secretId }))
  for (const jobId of jobs) expect((await harness.settled(jobId)).status).toBe('Delivered')
}

test.each([1, 6])(
  'hanging receivers of %i other tenants delay no callback',
  { tags: ['hanging-receivers'] },
  async (tenants) => {
    for (let n = 0; n < tenants; n++) await hangingTenant(`hanging ${n}`)
    const callbacks = harness.send({ timeoutMs, callbackAllow: [loopback] })
    const before = stuck.received.length
    await expect.poll(() => stuck.received.length - before, { timeout: 250_000 }).toBeGreaterThan(10)
    await expectOthersServed()
    await callbacks.close({ timeoutMs: 20 })
    expect(stuck.received.length - before).toBeLessThan(64)
  },
)

test('a key has one share for all its buckets, and hanging buckets do not delay its others', {
  tags: ['hanging-receivers'],
}, async () => {
  const secretId = await newTenant('one key')
  await hangingCallbacks(await harness.end(null, { secretId, bucket: 'hanging-1' }))
  const callbacks = harness.send({ timeoutMs, callbackAllow: [loopback] })
  const before = stuck.received.length
  await expect.poll(() => stuck.received.length - before).toBeGreaterThan(10)
  const own = await harness.end(to(receiver.url), { secretId, bucket: 'other-1' })
  expect((await harness.settled(own)).status).toBe('Delivered')
  for (let n = 2; n < 8; n++)
    await hangingCallbacks(await harness.end(null, { secretId, bucket: `hanging-${n}` }))
  await expectOthersServed()
  await callbacks.close({ timeoutMs: 20 })
  expect(stuck.received.length - before).toBeLessThanOrEqual(32)
})

test('a hanging host with many callbacks delays no other host of the same tenant', {
  tags: ['hanging-receivers'],
}, async () => {
  const secretId = await newTenant('one slow host')
  for (let n = 0; n < 40; n++) await harness.end(to(`http://127.2.0.1:${stuck.port}/`), { secretId })
  await harness.db.pool.query(`update deliveries set next_at = next_at - interval '1 hour'`)
  const jobId = await harness.end(to(receiver.url), { secretId })
  const before = stuck.received.length
  const callbacks = harness.send({ timeoutMs, callbackAllow: [loopback] })
  expect((await harness.settled(jobId)).status).toBe('Delivered')
  await callbacks.close({ timeoutMs: 20 })
  expect(stuck.received.length - before).toBeLessThanOrEqual(4)
})

test('a host that hangs for one tenant delays no callback of another tenant to it', {
  tags: ['hanging-receivers'],
}, async () => {
  const shared = await openReceiver()
  shared.reply((response, { path }) => {
    if (path === '/answers') response.writeHead(200).end()
  })
  const secretId = await newTenant('same host')
  for (let n = 0; n < 40; n++)
    await harness.end(to(`http://127.0.0.1:${shared.port}/hangs/${n}`), { secretId })
  await harness.db.pool.query(`update deliveries set next_at = next_at - interval '1 hour'`)
  const callbacks = harness.send({ timeoutMs })
  await expect.poll(() => shared.received.length).toBe(4)
  const other = await newTenant('another key')
  const jobId = await harness.end(to(`http://127.0.0.1:${shared.port}/answers`), { secretId: other })
  expect((await harness.settled(jobId)).status).toBe('Delivered')
  await callbacks.close({ timeoutMs: 20 })
  await shared.close()
})
