import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { JSDOM, VirtualConsole } from 'jsdom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { SDK_BUCKET, SDK_REGION } from './sdk.ts'

const PAGE = 'http://app.example.test'
const sdk = readFileSync(
  createRequire(import.meta.url).resolve('cos-js-sdk-v5/dist/cos-js-sdk-v5.js'),
  'utf8',
)

/** What the SDK returns: the response, or its own error. */
type Outcome = {
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly error?: unknown
  readonly Response?: {
    readonly JobsDetail?: { readonly JobId: string }
    readonly QueueList?: { readonly QueueId: string }
  }
}
type BrowserCos = { request(options: object, done: (error: Outcome | null, data?: Outcome) => void): void }

let harness: CompatHarness
let library: string
beforeAll(async () => {
  harness = await openCompatHarness({ CORS_ORIGINS: PAGE })
  library = await harness.library()
})
afterAll(() => harness.close(), 40_000)

/** The official browser SDK in a page of that origin. jsdom enforces CORS. */
function openPage(origin: string): BrowserCos {
  const console = new VirtualConsole()
  const { window } = new JSDOM('', { url: `${origin}/`, runScripts: 'outside-only', virtualConsole: console })
  window.eval(sdk)
  const { secretId, secretKey } = harness.key
  const Cos = window.COS as new (options: object) => BrowserCos
  return new Cos({ SecretId: secretId, SecretKey: secretKey, Protocol: 'http:' })
}

function ask(cos: BrowserCos, method: string, target: string, body?: string): Promise<Outcome> {
  const [key = '', query] = target.split('?')
  return new Promise((resolve) => {
    const options = {
      Method: method,
      Key: key,
      Url: `${harness.url}/${key}`,
      Bucket: SDK_BUCKET,
      Region: SDK_REGION,
      Query: Object.fromEntries(new URLSearchParams(query)),
      Headers: { 'Content-Type': 'application/xml' },
      ...(body === undefined ? {} : { Body: body }),
    }
    cos.request(options, (error, data) => resolve(error ?? data ?? {}))
  })
}

describe('the official browser SDK', () => {
  test('submits, reads and cancels jobs from a page of an origin in CORS_ORIGINS', {
    tags: ['browser'],
  }, async () => {
    await harness.queue('Paused')
    const cos = openPage(PAGE)
    const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'browser.mp4' })
    const submitted = await ask(cos, 'POST', 'jobs', body)
    expect(submitted.statusCode, JSON.stringify(submitted)).toBe(200)
    const { JobId: jobId } = submitted.Response?.JobsDetail ?? {}
    const read = await ask(cos, 'GET', `jobs/${jobId}`)
    expect(read.Response).toMatchObject({ JobsDetail: { JobId: jobId, State: 'Pause' } })
    expect((await ask(cos, 'PUT', `jobs/${jobId}`)).statusCode).toBe(200)
    await harness.queue('Active')
  })

  test('lists jobs, libraries, files and queues, and changes a queue from such a page', {
    tags: ['browser-lists'],
  }, async () => {
    const cos = openPage(PAGE)
    const responseTo = async (method: string, key: string, body?: string) => {
      const { statusCode, Response } = await ask(cos, method, key, body)
      expect(statusCode, key).toBe(200)
      return Response
    }
    await responseTo('POST', 'jobs', jobXml({ rule: 'FindSimilarVideo', library, object: 'listed.mp4' }))
    const jobs = await responseTo('GET', 'jobs?inputObject=listed.mp4')
    expect(jobs).toMatchObject({ JobsDetail: { Input: { Object: 'listed.mp4' } } })
    const libraries = await responseTo('GET', `dnadb?ids=${library}`)
    expect(libraries).toMatchObject({ DNADbConfig: { DNADbId: library } })
    expect(await responseTo('GET', `dnadb_files?dnaDbId=${library}`)).toMatchObject({ TotalCount: '0' })
    const { QueueId: queueId } = (await responseTo('GET', 'queue'))?.QueueList ?? {}
    const renamed = '<Request><Name>from a page</Name></Request>'
    expect(await responseTo('PUT', `queue/${queueId}`, renamed)).toMatchObject({
      Queue: { Name: 'from a page' },
    })
  })

  test('reads an error and its ids in a page of an origin in CORS_ORIGINS', async () => {
    const refused = await ask(openPage(PAGE), 'POST', 'jobs', '<Request/>')
    expect(refused.statusCode).toBe(400)
    expect(JSON.stringify(refused)).toContain('InvalidArgument')
    expect(refused.headers).toMatchObject({ 'x-cos-request-id': expect.stringMatching(/\S/) })
  })

  test('gets no response in a page of another origin', async () => {
    const outcome = await ask(openPage('http://other.example.test'), 'GET', 'dnadb')
    expect(outcome.statusCode ?? 0).toBe(0)
    expect(outcome.Response).toBeUndefined()
  })
})
