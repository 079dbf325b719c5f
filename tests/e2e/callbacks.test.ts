import { spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReceiver, type Receiver, status } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import { type Client, createClient, jobXml } from './client.ts'
import { type Product, startEmbedded, startOnServers } from './product.ts'

type Delivery = {
  readonly deliveryId: number
  readonly webhookId: string
  readonly status: string
  readonly url: string
  readonly attempts: number
  readonly lastError: string | null
  readonly tries: readonly { readonly httpStatus: number | null; readonly error: string | null }[]
}

const secret = `whsec_${randomBytes(32).toString('base64')}`
const settings = { CALLBACK_ALLOW: '127.0.0.1', CALLBACK_SECRETS: secret }

/** Runs examples/receiver.mjs until `stop`. */
async function startExample(env: Record<string, string>) {
  const path = fileURLToPath(new URL('../../examples/receiver.mjs', import.meta.url))
  const child = spawn(process.execPath, [path], { env: { PATH: process.env.PATH ?? '', ...env } })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  const [line] = await once(child.stderr, 'data')
  return {
    address: /http:\S+/.exec(String(line))?.[0] ?? '',
    output: () => out,
    stop: async () => {
      child.kill()
      await once(child, 'close')
    },
  }
}

describe.each([
  ['embedded', () => startEmbedded(undefined, settings)],
  ['on servers', () => startOnServers({ workers: 1, settings })],
])('callbacks of a product %s', (_way, start) => {
  let product: Product
  let client: Client
  let receiver: Receiver
  let library: string
  beforeAll(async () => {
    receiver = await openReceiver()
    product = await start()
    client = createClient(product.address)
    library = await client.createLibrary()
  })
  afterAll(async () => {
    await product.close()
    await receiver.close()
  })

  /** Submits a job for a missing object, which soon fails and sends a callback. */
  const submit = async (callback: string): Promise<string> => {
    const asked = { rule: 'FindSimilarVideo', library, object: `${Math.random()}.mp4` } as const
    const body = jobXml(asked).replace('</Request>', `${callback}</Request>`)
    const { JobsDetail } = await client.request('POST', 'jobs', body)
    return (JobsDetail as { JobId: string }).JobId
  }
  const settled = async (jobId: string): Promise<Delivery> => {
    const find = async () => {
      const job = await client.adminJson<{ deliveries: Delivery[] }>('GET', `/jobs/${jobId}`)
      return job.deliveries[0]
    }
    await expect.poll(async () => (await find())?.status, { timeout: 250_000 }).toMatch(/Delivered|Failed/)
    const delivery = await find()
    if (delivery === undefined) throw new Error('The delivery does not exist.')
    return delivery
  }

  test('are signed with the secret of the key, appear in the admin job and can be resent', {
    tags: ['callback-product'],
  }, async () => {
    receiver.reply(status(200))
    const jobId = await submit(`<CallBack>${receiver.url}</CallBack><CallBackFormat>JSON</CallBackFormat>`)
    const delivery = await settled(jobId)
    expect(delivery).toMatchObject({ status: 'Delivered', url: receiver.url, attempts: 1 })
    expect(delivery.tries).toMatchObject([{ httpStatus: 200, error: null }])
    const request = receiver.received.at(-1)
    const body = request?.body ?? Buffer.alloc(0)
    expect(JSON.parse(body.toString())).toMatchObject({
      EventName: 'TaskFinish',
      JobsDetail: { JobId: jobId, State: 'Failed', Code: 'ResourceNotFound' },
    })
    const hmac = createHmac('sha256', product.address.secretKey).update(body).digest('hex')
    expect(request?.headers['x-kinoprint-signature']).toBe(`sha256=${hmac}`)
    const headers = request?.headers as Record<string, string>
    expect(new Webhook(secret).verify(body.toString(), headers)).toMatchObject({ EventName: 'TaskFinish' })
    expect(headers['webhook-id']).toBe(delivery.webhookId)
    await client.adminJson('POST', `/jobs/${jobId}/deliveries/${delivery.deliveryId}/resend`)
    await expect.poll(async () => (await settled(jobId)).attempts, { timeout: 250_000 }).toBe(2)
    expect(receiver.received.at(-1)?.body).toEqual(body)
  })

  test('reach examples/receiver.mjs, which prints a genuine one once and rejects a changed one', async () => {
    const { address, output, stop } = await startExample({ CALLBACK_SECRET: secret, PORT: '0' })
    try {
      const jobId = await submit(`<CallBack>${address}</CallBack>`)
      const delivery = await settled(jobId)
      expect(delivery.tries).toMatchObject([{ httpStatus: 204, error: null }])
      const resend = `/jobs/${jobId}/deliveries/${delivery.deliveryId}/resend`
      await client.adminJson('POST', resend)
      await expect.poll(async () => (await settled(jobId)).attempts, { timeout: 250_000 }).toBe(2)
      expect(output().match(new RegExp(`<JobId>${jobId}</JobId>`, 'g'))).toHaveLength(1)
      const headers = {
        'webhook-id': delivery.webhookId,
        'webhook-timestamp': '1',
        'webhook-signature': 'v1,AA==',
      }
      const forged = await fetch(address, { method: 'POST', body: '<Response/>', headers })
      expect([forged.status, output().includes('<Response/>')]).toEqual([401, false])
    } finally {
      await stop()
    }
  })

  test('reach only the internal addresses that the settings allow', async () => {
    // Refused in the request, so that the client sees it. The address of a host name is checked again at each attempt.
    await expect(
      submit('<CallBack>http://169.254.169.254/latest/meta-data/</CallBack>'),
    ).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('not allowed by CALLBACK_ALLOW'),
    })
  })

  test('over a message broker are refused when none is configured', async () => {
    const config = '<MqRegion>r</MqRegion><MqMode>Queue</MqMode><MqName>n</MqName>'
    const asked = submit(`<CallBackType>TDMQ</CallBackType><CallBackMqConfig>${config}</CallBackMqConfig>`)
    await expect(asked).rejects.toMatchObject({ code: 'InvalidArgument' })
  })
})

test('docs/callbacks.md shows examples/receiver.mjs', () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  expect(read('docs/callbacks.md')).toContain(read('examples/receiver.mjs'))
})
