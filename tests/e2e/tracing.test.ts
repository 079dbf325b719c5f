import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { createClient } from './client.ts'
import { type Product, startOnServers } from './product.ts'

type Value = { readonly stringValue?: string; readonly intValue?: number; readonly boolValue?: boolean }
type Attributes = readonly { readonly key: string; readonly value: Value }[]
type Span = {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Attributes
}
type Export = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}
type SentSpan = Span & { readonly service: string }

const TENANT = 'canary-tenant-58c1'
const folder = mkdtempSync(join(tmpdir(), 'kinoprint-tracing-'))
const film = join(folder, 'film.mp4')
const exports: Export[] = []
const tenants = new Set<string | undefined>()
let collector: Server
let product: Product

beforeAll(async () => {
  await renderFootage(film, { seed: 5, seconds: 3, width: 160, height: 90 })
  collector = createServer(async (request, response) => {
    expect(request.url).toBe('/v1/traces')
    tenants.add(request.headers['x-tenant']?.toString())
    exports.push((await json(request)) as Export)
    response.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
    OTEL_EXPORTER_OTLP_HEADERS: `x-tenant=${TENANT}`,
  }
  product = await startOnServers({ workers: 1, settings })
})
afterAll(async () => {
  collector.closeAllConnections()
  collector.close()
  await product.close()
  rmSync(folder, { recursive: true, force: true })
})

function sentSpans(): SentSpan[] {
  return exports.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const service = attributeOf(resource, 'service.name') ?? ''
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })))
    }),
  )
}

function attributeOf({ attributes }: { readonly attributes: Attributes }, name: string): string | undefined {
  return attributes.find(({ key }) => key === name)?.value.stringValue
}

test('one trace follows a job from its request through the queue, the worker, ffmpeg and SQL, without secrets', async () => {
  const client = createClient(product.address)
  const library = await client.createLibrary()
  await client.upload('private-name.mp4', film)
  const jobId = await client.submit({ rule: 'GetFingerPrint', library, object: 'private-name.mp4' })
  await client.ended(jobId)
  const ofJob = (): SentSpan | undefined =>
    sentSpans().find((span) => attributeOf(span, 'kinoprint.job_id') === jobId)
  // Spans are sent in batches every five seconds.
  await expect.poll(ofJob, { interval: 250 }).toBeDefined()
  const { traceId, spanId } = ofJob() as SentSpan
  const inTrace = (): SentSpan[] => sentSpans().filter((span) => span.traceId === traceId)
  await expect.poll(() => inTrace().map(({ name }) => name)).toContain('POST /jobs')
  const request = inTrace().find(({ name }) => name === 'POST /jobs') as SentSpan
  const namesUnder = (parent: string): Set<string> =>
    new Set(inTrace().flatMap(({ name, parentSpanId }) => (parentSpanId === parent ? [name] : [])))
  expect(request).toMatchObject({ service: 'kinoprint-api' })
  expect(request.parentSpanId).toBeUndefined()
  expect([...namesUnder(request.spanId)]).toEqual(
    expect.arrayContaining(['SQL WITH', 'queue add', 'queue wait', 'job GetFingerPrint']),
  )
  const added = inTrace().find(({ name }) => name === 'queue add') as SentSpan
  expect([...namesUnder(added.spanId)].join()).toMatch(/^Redis /)
  expect(ofJob()).toMatchObject({ name: 'job GetFingerPrint', service: 'kinoprint-worker' })
  expect([...namesUnder(spanId)]).toEqual(
    expect.arrayContaining(['ffprobe', 'ffmpeg', 'SQL SELECT', 'SQL INSERT', 'stage fetch', 'stage store']),
  )
  const wait = inTrace().find(({ name }) => name === 'queue wait') as SentSpan
  expect(BigInt(wait.endTimeUnixNano)).toBeLessThanOrEqual(BigInt((ofJob() as SentSpan).endTimeUnixNano))
  expect([...tenants]).toEqual([TENANT])
  const sent = JSON.stringify(exports)
  const { secretKey, adminToken, secretId } = product.address
  for (const secret of [secretKey, adminToken, secretId, TENANT, 'q-signature', 'private-name'])
    expect(sent).not.toContain(secret)
})

test('jobs run and processes stop while the collector is unreachable', async () => {
  collector.closeAllConnections()
  collector.close()
  const client = createClient(product.address)
  const library = await client.createLibrary()
  await client.upload('second.mp4', film)
  const job = await client.ended(
    await client.submit({ rule: 'GetFingerPrint', library, object: 'second.mp4' }),
  )
  expect(job.State).toBe('Success')
  const [, worker] = product.processes
  worker?.kill('SIGTERM')
  await expect.poll(() => worker?.exitCode).toBe(0)
})
