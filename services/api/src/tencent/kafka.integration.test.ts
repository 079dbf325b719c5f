import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLibrary, jobXml, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

let api: RunningTestApi
let without: RunningTestApi
beforeAll(async () => {
  api = await startTestApi({ kafkaBrokers: ['127.0.0.1:9092'] })
  without = await startTestApi()
})
afterAll(() => Promise.all([api.close(), without.close()]))

function config(topic: string): string {
  return `<Region>bj</Region><InstanceId>ckafka-1</InstanceId><Topic>${topic}</Topic>`
}

async function post(to: RunningTestApi, topic: string) {
  const { dnaDbId } = await addLibrary(to.db, `films ${topic} ${to.port}`)
  const more = `<CallBackType>Kafka</CallBackType><CallBackKafkaConfig>${config(topic)}</CallBackKafkaConfig>`
  return to.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId, more }) })
}

test('a Kafka callback needs brokers and an allowed topic', { tags: ['kafka-rules'] }, async () => {
  expect((await post(api, 'kinoprint.results')).status).toBe(200)
  const refused = await post(api, 'orders')
  expect([refused.status, tag('Code', refused.text)]).toEqual([400, 'InvalidArgument'])
  expect(tag('Message', refused.text)).toContain('KAFKA_TOPICS allows: kinoprint.*')
  expect(tag('Message', (await post(without, 'kinoprint.results')).text)).toContain('Set KAFKA_BROKERS')
})

test('a queue reports to Kafka and shows its configuration', { tags: ['kafka-queue'] }, async () => {
  const put = async (to: RunningTestApi, topic: string) => {
    const queueId = tag('QueueId', (await to.signed({ method: 'GET', target: '/queue' })).text)
    const body = `<Request><NotifyConfig><State>On</State><Type>Kafka</Type><KafkaConfig>${config(topic)}</KafkaConfig></NotifyConfig></Request>`
    return to.signed({ method: 'PUT', target: `/queue/${queueId}`, body })
  }
  const changed = await put(api, 'kinoprint.results')
  expect(changed.text).toContain(
    `<MqName/><KafkaConfig>${config('kinoprint.results')}</KafkaConfig></NotifyConfig>`,
  )
  expect((await api.signed({ method: 'GET', target: '/queue' })).text).toContain('<Type>Kafka</Type>')
  const { status, json } = await api.admin({ method: 'GET', target: '/admin/queues' })
  expect([status, JSON.stringify(json)]).toEqual([
    200,
    expect.stringContaining('"kafkaInstanceId":"ckafka-1"'),
  ])
  expect((await put(api, 'orders')).status).toBe(400)
  expect((await put(without, 'kinoprint.results')).status).toBe(400)
})
