import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { JSDOM, VirtualConsole } from 'jsdom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { SDK_BUCKET, SDK_REGION } from './sdk.ts'
import { openStage, type Stage } from './stage.ts'

const PAGE = 'http://app.example.test'
const sdk = readFileSync(
  createRequire(import.meta.url).resolve('cos-js-sdk-v5/dist/cos-js-sdk-v5.js'),
  'utf8',
)

/** What the SDK hands back: the answer, or what it makes of an error. */
type Outcome = {
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly error?: unknown
  readonly Response?: { readonly JobsDetail?: { readonly JobId: string } }
}
type BrowserCos = { request(options: object, done: (error: Outcome | null, data?: Outcome) => void): void }

let stage: Stage
let library: string
beforeAll(async () => {
  stage = await openStage({ CORS_ORIGINS: PAGE })
  library = await stage.library()
}, 120_000)
afterAll(() => stage.close(), 40_000)

/** The official browser SDK in a page of that origin, whose requests are held to the rules of CORS. */
function openPage(origin: string): BrowserCos {
  const console = new VirtualConsole()
  const { window } = new JSDOM('', { url: `${origin}/`, runScripts: 'outside-only', virtualConsole: console })
  window.eval(sdk)
  const { secretId, secretKey } = stage.key
  const Cos = window.COS as new (options: object) => BrowserCos
  return new Cos({ SecretId: secretId, SecretKey: secretKey, Protocol: 'http:' })
}

const ask = (cos: BrowserCos, method: string, key: string, body?: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const options = {
      Method: method,
      Key: key,
      Url: `${stage.url}/${key}`,
      Bucket: SDK_BUCKET,
      Region: SDK_REGION,
      Headers: { 'Content-Type': 'application/xml' },
      ...(body === undefined ? {} : { Body: body }),
    }
    cos.request(options, (error, data) => resolve(error ?? data ?? {}))
  })

describe('the official browser SDK', () => {
  test('submits, reads and cancels from a page of CORS_ORIGINS', { tags: ['browser'] }, async () => {
    await stage.queue('Paused')
    const cos = openPage(PAGE)
    const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'browser.mp4' })
    const submitted = await ask(cos, 'POST', 'jobs', body)
    expect(submitted.statusCode, JSON.stringify(submitted)).toBe(200)
    const { JobId: jobId } = submitted.Response?.JobsDetail ?? {}
    const read = await ask(cos, 'GET', `jobs/${jobId}`)
    expect(read.Response).toMatchObject({ JobsDetail: { JobId: jobId, State: 'Pause' } })
    expect((await ask(cos, 'PUT', `jobs/${jobId}`)).statusCode).toBe(200)
    await stage.queue('Active')
  })

  test('can read an error and its ids from such a page', async () => {
    const refused = await ask(openPage(PAGE), 'POST', 'jobs', '<Request/>')
    expect(refused.statusCode).toBe(400)
    expect(JSON.stringify(refused)).toContain('InvalidArgument')
    expect(refused.headers).toMatchObject({ 'x-cos-request-id': expect.stringMatching(/\S/) })
  })

  test('gets no answer in a page of another origin', async () => {
    const outcome = await ask(openPage('http://other.example.test'), 'GET', 'dnadb')
    expect(outcome.statusCode ?? 0).toBe(0)
    expect(outcome.Response).toBeUndefined()
  })
})
