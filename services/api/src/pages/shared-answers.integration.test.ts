import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'

const CROWD = 50

/** A check that resolves when the test releases it, and counts its concurrent calls. */
function held() {
  let under = 0
  let most = 0
  let release = (): void => undefined
  let released = Promise.resolve()
  return {
    hold: () => {
      most = 0
      released = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
    ask: async (): Promise<void> => {
      under += 1
      most = Math.max(most, under)
      await released
      under -= 1
    },
    most: () => most,
  }
}

const renders = held()
const pings = held()
let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi(
    {},
    {
      wrapQueue: (queue) => ({
        ...queue,
        ping: () => {
          renders.release()
          return pings.ask()
        },
      }),
      metrics: {
        observeRequest: () => undefined,
        render: async () => {
          pings.release()
          await renders.ask()
          return { contentType: 'text/plain', body: 'kinoprint_up 1\n' }
        },
      },
    },
  )
})
afterAll(() => api.close())

/** Sends requests over one connection, which are processed in order. Resolves when all responses have arrived. */
function sendAtOnce(targets: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ port: api.port, host: '127.0.0.1' })
    socket.setEncoding('utf8')
    socket.once('error', reject)
    socket.on('data', (data: string) => {
      text += data
    })
    socket.once('close', () => resolve(text))
    const heads = targets.map((target, at) => {
      const last = at === targets.length - 1 ? 'Connection: close\r\n' : ''
      return `GET ${target} HTTP/1.1\r\nHost: x\r\n${last}\r\n`
    })
    socket.write(heads.join(''))
  })
}

test.each([
  ['/metrics', renders, '/readyz'],
  ['/readyz', pings, '/metrics'],
])(
  'concurrent requests for %s query database and queue one at a time',
  { tags: ['shared-answers'] },
  async (target, asked, last) => {
    asked.hold()
    const text = await sendAtOnce([...Array.from({ length: CROWD }, () => target), last])
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(CROWD + 1)
    expect(asked.most()).toBe(1)
  },
)
