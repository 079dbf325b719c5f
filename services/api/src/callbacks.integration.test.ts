import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addLibrary, jobXml, type RunningTestApi, startTestApi } from './testing/running-api.ts'
import { tag } from './testing/send-request.ts'

let api: RunningTestApi
let dnaDbId: string
beforeAll(async () => {
  api = await startTestApi({
    callbackAllow: [
      { kind: 'host', host: 'hooks.internal' },
      { kind: 'network', address: '192.168.7.0', prefixBits: 24, family: 'ipv4' },
    ],
  })
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterAll(() => api.close())

async function queueId(): Promise<string> {
  const { text } = await api.signed({ method: 'GET', target: '/queue' })
  return tag('QueueId', text) ?? ''
}

/** Every request that can set a callback URL. */
const senders: Readonly<Record<string, (url: string) => Promise<{ status: number; text: string }>>> = {
  'POST /jobs': (url) => {
    const body = jobXml({ dnaDbId, more: `<CallBack>${url}</CallBack>` })
    return api.signed({ method: 'POST', target: '/jobs', body })
  },
  'PUT /queue': async (url) => {
    const notify = `<NotifyConfig><Url>${url}</Url><State>On</State></NotifyConfig>`
    const body = `<Request>${notify}</Request>`
    return api.signed({ method: 'PUT', target: `/queue/${await queueId()}`, body })
  },
  'PATCH /admin/queues': async (url) => {
    const target = `/admin/queues/${await queueId()}`
    return api.admin({ method: 'PATCH', target, json: { notify: { url, state: 'On' } } })
  },
}

describe.each(Object.entries(senders))('callback URL in %s', (_, send) => {
  test.each([
    'http://127.0.0.1/x',
    'http://10.0.0.1:8080/x',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://localhost:3000/',
    'http://api.localhost./',
    'http://192.168.8.1/',
  ])('the internal address in %s is rejected, and the message names CALLBACK_ALLOW', async (url) => {
    const { status, text } = await send(url)
    expect([status, /InvalidArgument/.test(text)]).toEqual([400, true])
    expect(text).toContain('CALLBACK_ALLOW')
  })

  test.each([
    'http://hooks.internal/x',
    'http://HOOKS.internal./x',
    'http://192.168.7.9/x',
    'https://8.8.8.8/x',
    'https://names.are.resolved.when.it.is.sent.example/x',
  ])('%s is accepted', async (url) => {
    const { status, text } = await send(url)
    expect([status, text]).toEqual([200, expect.any(String)])
  })
})
