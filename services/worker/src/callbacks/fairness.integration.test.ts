import { insertDelivery } from '@kinoprint/store'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './office.fixture.ts'
import { hang, openReceiver, type Receiver } from './receiver.fixture.ts'

const HANGING = 300
/** No attempt ends during a test: what is delivered was not waiting for one that hangs. */
const timeoutMs = 600_000
/** CALLBACK_ALLOW=127.0.0.0/8 */
const loopback = { kind: 'network', address: '127.0.0.0', prefixBits: 8, family: 'ipv4' } as const

let office: Office
let receiver: Receiver
let stuck: Receiver
beforeAll(async () => {
  office = await openOffice()
  receiver = await openReceiver()
  stuck = await openReceiver('0.0.0.0')
  stuck.reply(hang)
})
afterEach(async () => {
  await office.db.pool.query('delete from deliveries')
})
afterAll(async () => {
  await office.close()
  await receiver.close()
  await stuck.close()
})

const to = (url: string) => ({ silent: false, type: 'Url', format: 'XML', url }) as const
const newTenant = async (name: string): Promise<string> => (await office.newKey(name)).secretId

/** As many callbacks of one tenant, each to an address of its own that hangs, all due before any other. */
const hangingTenant = async (name: string): Promise<void> => {
  await hangingCallbacks(await office.end(null, { secretId: await newTenant(name) }))
}

const hangingCallbacks = async (jobId: string): Promise<void> => {
  for (let n = 0; n < HANGING; n++) {
    const url = `http://127.1.${n >> 8}.${n & 255}:${stuck.port}/${n}`
    await insertDelivery(office.db.pool, { jobId, type: 'Url', format: 'XML', url })
  }
  await office.db.pool.query(
    `update deliveries set next_at = next_at - interval '1 hour' where job_id = $1`,
    [jobId],
  )
}

const expectOthersServed = async (): Promise<void> => {
  const secretId = await newTenant('other')
  const jobs: string[] = []
  for (let n = 0; n < 12; n++) jobs.push(await office.end(to(receiver.url), { secretId }))
  for (const jobId of jobs) expect((await office.settled(jobId)).status).toBe('Delivered')
}

test.each([1, 6])(
  'hanging receivers of other tenants (%i) hold up no callback',
  { tags: ['hanging-receivers'] },
  async (tenants) => {
    for (let n = 0; n < tenants; n++) await hangingTenant(`hanging ${n}`)
    const callbacks = office.send({ timeoutMs, callbackAllow: [loopback] })
    const before = stuck.received.length
    await expect.poll(() => stuck.received.length - before, { timeout: 250_000 }).toBeGreaterThan(10)
    await expectOthersServed()
    await callbacks.close({ timeoutMs: 20 })
    expect(stuck.received.length - before).toBeLessThan(64)
  },
)

test('a key that uses many buckets has one share, and its hanging buckets hold up none of its other ones', {
  tags: ['hanging-receivers'],
}, async () => {
  const secretId = await newTenant('one key')
  await hangingCallbacks(await office.end(null, { secretId, bucket: 'hanging-1' }))
  const callbacks = office.send({ timeoutMs, callbackAllow: [loopback] })
  const before = stuck.received.length
  await expect.poll(() => stuck.received.length - before, { timeout: 20_000 }).toBeGreaterThan(10)
  const own = await office.end(to(receiver.url), { secretId, bucket: 'other-1' })
  expect((await office.settled(own)).status).toBe('Delivered')
  for (let n = 2; n < 8; n++)
    await hangingCallbacks(await office.end(null, { secretId, bucket: `hanging-${n}` }))
  await expectOthersServed()
  await callbacks.close({ timeoutMs: 20 })
  expect(stuck.received.length - before).toBeLessThanOrEqual(32)
})

test('a host that hangs holds up no other host of its tenant, however many callbacks it is due', {
  tags: ['hanging-receivers'],
}, async () => {
  const secretId = await newTenant('one slow host')
  for (let n = 0; n < 40; n++) await office.end(to(`http://127.2.0.1:${stuck.port}/`), { secretId })
  await office.db.pool.query(`update deliveries set next_at = next_at - interval '1 hour'`)
  const jobId = await office.end(to(receiver.url), { secretId })
  const before = stuck.received.length
  const callbacks = office.send({ timeoutMs, callbackAllow: [loopback] })
  expect((await office.settled(jobId)).status).toBe('Delivered')
  await callbacks.close({ timeoutMs: 20 })
  expect(stuck.received.length - before).toBeLessThanOrEqual(4)
})

test('a host that one tenant lets hang holds up no callback of another tenant to the same host', {
  tags: ['hanging-receivers'],
}, async () => {
  const shared = await openReceiver()
  shared.reply((response, { path }) => {
    if (path === '/answers') response.writeHead(200).end()
  })
  const secretId = await newTenant('same host')
  for (let n = 0; n < 40; n++)
    await office.end(to(`http://127.0.0.1:${shared.port}/hangs/${n}`), { secretId })
  await office.db.pool.query(`update deliveries set next_at = next_at - interval '1 hour'`)
  const callbacks = office.send({ timeoutMs })
  await expect.poll(() => shared.received.length, { timeout: 20_000 }).toBe(4)
  const other = await newTenant('its neighbour')
  const jobId = await office.end(to(`http://127.0.0.1:${shared.port}/answers`), { secretId: other })
  expect((await office.settled(jobId)).status).toBe('Delivered')
  await callbacks.close({ timeoutMs: 20 })
  await shared.close()
})
