import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLibrary, jobXml, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

let api: RunningTestApi
let dnaDbId: string
beforeAll(async () => {
  api = await startTestApi({ amqpUrl: 'amqp://127.0.0.1:1', amqpNames: ['kinoprint.*', 'ends'] })
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterAll(() => api.close())

async function queueId() {
  return tag('QueueId', (await api.signed({ method: 'GET', target: '/queue' })).text)
}

/** Every request that can name a queue or exchange of the broker. */
const senders = {
  'POST /jobs': async (mode: string, name: string) => {
    const config = `<MqRegion>r</MqRegion><MqMode>${mode}</MqMode><MqName>${name}</MqName>`
    const more = `<CallBackType>TDMQ</CallBackType><CallBackMqConfig>${config}</CallBackMqConfig>`
    return api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId, more }) })
  },
  'PUT /queue': async (mode: string, name: string) => {
    const config = `<MqRegion>r</MqRegion><MqMode>${mode}</MqMode><MqName>${name}</MqName>`
    const notify = `<NotifyConfig><State>On</State><Type>TDMQ</Type>${config}</NotifyConfig>`
    return api.signed({
      method: 'PUT',
      target: `/queue/${await queueId()}`,
      body: `<Request>${notify}</Request>`,
    })
  },
  'PUT /queue that is off': async (mode: string, name: string) => {
    const config = `<MqRegion>r</MqRegion><MqMode>${mode}</MqMode><MqName>${name}</MqName>`
    const notify = `<NotifyConfig><State>Off</State><Type>TDMQ</Type>${config}</NotifyConfig>`
    return api.signed({
      method: 'PUT',
      target: `/queue/${await queueId()}`,
      body: `<Request>${notify}</Request>`,
    })
  },
  'PATCH /admin/queues': async (mqMode: string, mqName: string) =>
    api.admin({
      method: 'PATCH',
      target: `/admin/queues/${await queueId()}`,
      json: { notify: { mqMode, mqName } },
    }),
} as const

test.each(Object.entries(senders))(
  '%s rejects a queue or exchange that AMQP_NAMES does not allow',
  { tags: ['broker-names', 'callback-name'] },
  async (_, send) => {
    for (const mode of ['Queue', 'Topic']) {
      for (const name of ['payments.internal', 'amq.fanout', 'amq.topic', 'kinoprint', 'ends.x']) {
        const { status, text } = await send(mode, name)
        expect([status, text.includes('InvalidArgument')], name).toEqual([400, true])
        expect(text).toContain('AMQP_NAMES allows: kinoprint.*, ends')
      }
      for (const name of ['kinoprint.results', 'ends'])
        expect((await send(mode, name)).status, name).toBe(200)
    }
  },
)
