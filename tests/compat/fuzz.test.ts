import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml } from '../e2e/client.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { bytesOf, fuzzedRequest, type Ground } from './fuzz-requests.ts'
import { expectHeaders } from './golden.ts'
import { type RawAnswer, sendBytes } from './raw-http.ts'
import { settledMemoryKib } from './resident-memory.ts'
import { childText, parseAnswer } from './xml-answer.ts'

/** `npm run test:fuzz` sends 10,000 requests and compares memory at the end with memory after the first 1,000. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1_000)
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff)
const AT_ONCE = 10
const WARM_UP = 1_000
const GROWTH_MAX = 1.1
/** With fewer signed requests, only the signature check would be fuzzed. */
const PAST_SIGNATURE_MIN = 0.6

/** The statuses of each Code in the public table. */
const documented: Readonly<Record<string, readonly number[]>> = {
  InvalidArgument: [400, 408, 431],
  MissingContent: [400],
  InvalidContent: [400, 413],
  InvalidHost: [400],
  MissingAuthorization: [401],
  InvalidAuthorization: [401],
  SecretidNotExist: [401],
  SignatureExpired: [401],
  SignatureDoesNotMatch: [403],
  AccessDenied: [403],
  QueueSaturated: [403],
  InvalidUrl: [404],
  NoSuchKey: [404],
  NoSuchUpload: [404],
  BadDigest: [400],
  InvalidRange: [416],
  MissingContentLength: [411],
  SlowDown: [429],
  NotImplemented: [501],
}

let harness: CompatHarness
let ground: Ground
const seen = new Map<string, number>()

beforeAll(async () => {
  const preload = new URL('collect-garbage.mjs', import.meta.url).href
  harness = await openCompatHarness({ NODE_OPTIONS: `--import ${preload}`, WRONG_KEYS_PER_MINUTE: '0' })
  const library = await harness.library()
  const body = jobXml({ rule: 'FindSimilarVideo', library, object: 'x.mp4' })
  const made = parseAnswer((await harness.raw({ method: 'POST', path: '/jobs', body })).text)
  const detail = made.children[0] ?? made
  ground = {
    url: harness.url,
    key: harness.key,
    library,
    queueId: childText(detail, 'QueueId'),
    jobIds: [childText(detail, 'JobId')],
  }
})
afterAll(() => harness.close(), 40_000)

/** Bytes that are not a request. They end with an empty line, so the server does not wait for more. */
const noise = fc
  .uint8Array({ minLength: 1, maxLength: 200 })
  .filter(([first = 13]) => first !== 10 && first !== 13)
  .map((bytes) => Buffer.concat([bytes, Buffer.from('\r\n\r\n'), bytes, Buffer.from('\r\n\r\n')]))

type Sent = { readonly bytes: Uint8Array; readonly bodiless: boolean; readonly shown: string }

/** fast-check prints these as text instead of numbers. */
function sent(bytes: Uint8Array, shown: string, bodiless = false): Sent & Record<symbol, unknown> {
  return {
    bytes,
    bodiless,
    shown,
    [fc.toStringMethod]: () => '',
  }
}

function requests(): fc.Arbitrary<Sent> {
  return fc.oneof(
    {
      weight: 40,
      arbitrary: fuzzedRequest(ground).map((request) => {
        const shown = JSON.stringify({ ...request, body: request.body?.slice(0, 2000) })
        return sent(bytesOf(ground, request), shown, request.method === 'HEAD')
      }),
    },
    { weight: 1, arbitrary: noise.map((bytes) => sent(bytes, bytes.toString('hex'))) },
  )
}

function check(answer: RawAnswer, { bodiless, shown }: Sent): void {
  // If the request head is too long to read, the server does not know that the method is HEAD.
  if (bodiless && answer.status !== 431) {
    expect(answer.text, shown).toBe('')
    expect(answer.status, shown).toBeLessThan(500)
    return
  }
  if (answer.status === 204) {
    note('object deleted')
    return
  }
  expect(Number(answer.headers.get('content-length')), shown).toBe(answer.body.length)
  expectHeaders(answer)
  if (answer.headers.has('accept-ranges') && answer.status < 400) {
    note('object read')
    return
  }
  if (answer.text === '') {
    expect(answer.status, shown).toBe(200)
    note('cancelled')
    return
  }
  const root = parseAnswer(answer.text)
  if (/^(?:List\w+|InitiateMultipartUpload)Result$/.test(root.name)) {
    expect(answer.status, shown).toBe(200)
    note('objects listed')
    return
  }
  if (root.name === 'Response') {
    expect(answer.status, shown).toBe(200)
    note('success')
    for (const job of root.children.filter(({ name }) => name === 'JobsDetail').slice(0, 1))
      if (ground.jobIds.length < 500) ground.jobIds.push(childText(job, 'JobId'))
    return
  }
  const code = childText(root, 'Code')
  expect(root.name, shown).toBe('Error')
  expect(documented[code] ?? [], `${code}: ${shown}`).toContain(answer.status)
  for (const name of ['Code', 'Message', 'Resource', 'RequestId', 'TraceId'])
    expect(childText(root, name), `${name}: ${shown}`).not.toBe('')
  note(code)
}

function note(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}

function share(...kinds: readonly string[]): number {
  const total = [...seen.values()].reduce((sum, count) => sum + count, 0)
  return kinds.reduce((sum, kind) => sum + (seen.get(kind) ?? 0), 0) / total
}

function send(count: number, seed: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(fc.array(requests(), { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
      await Promise.all(
        batch.map(async (one) => {
          const answer = await sendBytes(ground.url, one.bytes).catch((cause: unknown) => {
            throw new Error(`No answer to ${one.shown}`, { cause })
          })
          check(answer, one)
        }),
      )
    }),
    // No shrinking: it would send thousands of requests to a server in a different state. The failing request is printed.
    { numRuns: Math.ceil(count / AT_ONCE), seed, endOnFailure: true },
  )
}

describe('fuzzed requests', () => {
  test('get well-formed responses, never a 500, and do not grow the memory of the server', {
    tags: ['request-fuzz', 'fuzz'],
    timeout: REQUESTS * 200 + 120_000,
  }, async () => {
    const pid = harness.product.processes[0]?.pid ?? 0
    await send(Math.min(WARM_UP, REQUESTS), SEED)
    if (REQUESTS > WARM_UP) {
      const before = await settledMemoryKib(pid)
      await send(REQUESTS - WARM_UP, SEED + 1)
      const after = await settledMemoryKib(pid)
      process.stdout.write(
        `fuzz: ${REQUESTS} requests, seed ${SEED}, memory ${before} KiB after ${WARM_UP}, ${after} KiB after all ` +
          `(${((after / before - 1) * 100).toFixed(1)} %); ${JSON.stringify(Object.fromEntries(seen))}\n`,
      )
      expect(after / before).toBeLessThan(GROWTH_MAX)
    }
    const refusedBySignature = share(
      'SignatureDoesNotMatch',
      'InvalidAuthorization',
      'MissingAuthorization',
      'SecretidNotExist',
    )
    expect(1 - refusedBySignature, JSON.stringify(Object.fromEntries(seen))).toBeGreaterThan(
      PAST_SIGNATURE_MIN,
    )
    expect(share('success', 'cancelled')).toBeGreaterThan(0.2)
  })
})
