import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Listener, openListener } from '../../services/worker/src/callbacks/listener.fixture.ts'
import { openReceiver, type Receiver } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import { jobXml } from '../e2e/client.ts'
import { type RabbitServer, startRabbit } from '../rabbit.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { expectBytes, expectGolden } from './golden.ts'

/** RabbitMQ starts slowly while other tests run. */
const START_LIMIT_MS = 240_000

let harness: CompatHarness
let library: string
let receiver: Receiver
let rabbit: RabbitServer
let listener: Listener
beforeAll(async () => {
  rabbit = await startRabbit()
  listener = await openListener(rabbit.url)
  receiver = await openReceiver()
  harness = await openCompatHarness({
    AMQP_URL: rabbit.url,
    CALLBACK_ALLOW: '127.0.0.1',
    AMQP_NAMES: 'ends,all-*',
  })
  library = await harness.library()
}, START_LIMIT_MS)
afterAll(async () => {
  await harness.close()
  await receiver.close()
  await listener.close()
  await rabbit.dispose()
}, START_LIMIT_MS)

let objects = 0
/** Submits a job for a missing object, which soon fails and sends a callback. `settings` follow Input and Operation. */
async function submit(settings: string) {
  objects += 1
  const object = `callbacks/${objects}.mp4`
  const body = jobXml({ rule: 'FindSimilarVideo', library, object }).replace(
    '</Request>',
    `${settings}</Request>`,
  )
  const { text } = await harness.raw({ method: 'POST', path: '/jobs', body })
  const idIn = (name: string) => new RegExp(`<${name}>(\\w+)<`).exec(text)?.[1] ?? ''
  return { object, jobId: idIn('JobId'), queueId: idIn('QueueId') }
}

type Delivery = { readonly status: string; readonly type: string; readonly format: string }
async function deliveriesOf(jobId: string) {
  return (await harness.admin.adminJson<{ deliveries: Delivery[] }>('GET', `/jobs/${jobId}`)).deliveries
}

/** Waits for the only delivery of a job. */
async function delivered(jobId: string): Promise<Delivery | undefined> {
  const find = async () => (await deliveriesOf(jobId))[0]
  await expect.poll(async () => (await find())?.status, { timeout: 250_000 }).toBe('Delivered')
  return find()
}

function setQueue(queueId: string, notify: string) {
  return harness.raw({
    method: 'PUT',
    path: `/queue/${queueId}`,
    body: `<Request><NotifyConfig>${notify}</NotifyConfig></Request>`,
  })
}

const toTopic =
  '<State>On</State><Type>TDMQ</Type><ResultFormat>JSON</ResultFormat><MqMode>Topic</MqMode>' +
  '<MqRegion>bj</MqRegion><MqName>all-ends</MqName><Event>TaskFinish</Event>'

describe('a callback', () => {
  test('to a URL matches the golden bytes, in XML unless the job asks for JSON', {
    tags: ['callback-bytes'],
  }, async () => {
    for (const [format, file] of [
      ['', 'callback-failed.xml'],
      ['<CallBackFormat>XML</CallBackFormat>', 'callback-failed.xml'],
      ['<CallBackFormat>JSON</CallBackFormat><CallBackType>URL</CallBackType>', 'callback-failed.json'],
    ] as const) {
      const known = await submit(`<CallBack>${receiver.url}</CallBack>${format}`)
      await delivered(known.jobId)
      const { method, headers, body } = receiver.received.at(-1) ?? {}
      expectBytes(String(body), file, { ...known, dnaDbId: library })
      const contentType = file.endsWith('json') ? 'application/json' : 'application/xml'
      expect([method, headers?.['content-type']]).toEqual(['POST', contentType])
      expect(headers?.['x-ci-request-id']).toMatch(/^[A-Za-z0-9+/]+=*$/)
    }
  })

  test('of type TDMQ goes to the queue it names', { tags: ['callback-tdmq'] }, async () => {
    await listener.queue('ends')
    const config = '<CallBackMqConfig><MqRegion>bj</MqRegion><MqName>ends</MqName></CallBackMqConfig>'
    const known = await submit(`<CallBackType>tdmq</CallBackType>${config}`)
    await delivered(known.jobId)
    const message = await listener.next('ends')
    expectBytes(message?.body ?? '', 'callback-failed.xml', { ...known, dnaDbId: library })
    const hmac = createHmac('sha256', harness.key.secretKey)
      .update(message?.body ?? '')
      .digest('hex')
    expect(message).toMatchObject({ contentType: 'application/xml', signature: `sha256=${hmac}` })
  })

  test('follows the NotifyConfig of the queue unless the job has its own settings', {
    tags: ['callback-order'],
  }, async () => {
    await listener.queue('mine', 'all-ends')
    const { queueId, jobId: before } = await submit('')
    await harness.admin.ended(before)
    expect(await deliveriesOf(before)).toEqual([])

    expectGolden(await setQueue(queueId, toTopic), 'put-queue-tdmq', { known: { queueId } })
    const plain = await submit('')
    expect(await delivered(plain.jobId)).toMatchObject({ type: 'TDMQ', format: 'JSON' })
    const spread = await listener.next('mine')
    expectBytes(spread?.body ?? '', 'callback-failed.json', { ...plain, dnaDbId: library })

    const own = await submit(`<CallBack>${receiver.url}</CallBack>`)
    expect(await delivered(own.jobId)).toMatchObject({ type: 'Url', format: 'XML' })
    for (const silence of ['no', 'No']) {
      const { jobId } = await submit(`<CallBack>${silence}</CallBack>`)
      await harness.admin.ended(jobId)
      expect(await deliveriesOf(jobId)).toEqual([])
    }
    for (const off of [
      '<State>Off</State>',
      `<State>On</State><Url>${receiver.url}</Url><Event>WorkflowFinish</Event>`,
    ]) {
      expect((await setQueue(queueId, off)).status).toBe(200)
      const { jobId } = await submit('')
      await harness.admin.ended(jobId)
      expect(await deliveriesOf(jobId)).toEqual([])
    }
    expect(await listener.next('mine')).toBeNull()
  })

  test('of a cancelled job is not sent', { tags: ['callback-cancelled'] }, async () => {
    await harness.queue('Paused')
    const { jobId } = await submit(`<CallBack>${receiver.url}</CallBack>`)
    expect((await harness.raw({ method: 'PUT', path: `/jobs/${jobId}` })).status).toBe(200)
    await harness.queue('Active')
    expect(await deliveriesOf(jobId)).toEqual([])
  })
})
