import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { alertExpressions, dashboardQueries } from '../monitoring.ts'
import { createClient } from './client.ts'
import { type Product, startEmbedded } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-metrics-'))
const film = join(folder, 'film.mp4')
const SECONDS = 4
const stages = ['fetch', 'probe', 'decode', 'hash', 'store', 'candidates', 'match']
let product: Product

beforeAll(async () => {
  await renderFootage(film, { seed: 5, seconds: SECONDS })
  product = await startEmbedded()
})
afterAll(async () => {
  await product.close()
  rmSync(folder, { recursive: true, force: true })
})

async function scrape(): Promise<string> {
  return (await fetch(`${product.address.url}/metrics`)).text()
}

/** The value of one series, by its name and labels in any order; null if it is missing. */
function valueIn(text: string, name: string, labels: Record<string, string> = {}): number | null {
  const line = text
    .split('\n')
    .find(
      (each) =>
        (each.startsWith(`${name}{`) || each.startsWith(`${name} `)) &&
        Object.entries(labels).every(([label, value]) => each.includes(`${label}="${value}"`)),
    )
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1))
}

test('the metrics of a product count its jobs, stages, videos and parts', async () => {
  const client = createClient(product.address)
  const library = await client.createLibrary()
  await client.upload('film.mp4', film)
  await client.ended(await client.submit({ rule: 'GetFingerPrint', library, object: 'film.mp4' }))
  await client.upload('copy.mp4', film)
  await client.ended(await client.submit({ rule: 'FindSimilarVideo', library, object: 'copy.mp4' }))
  await client.ended(await client.submit({ rule: 'FindSimilarVideo', library, object: 'missing.mp4' }))
  const rule = 'FindSimilarVideo'
  // A worker counts an attempt after it has written the result.
  const stagesOf = (of: string, text: string): string[] =>
    stages.filter((stage) => (valueIn(text, 'kinoprint_stage_seconds_count', { rule: of, stage }) ?? 0) > 0)
  await expect
    .poll(async () => stagesOf(rule, await scrape()))
    .toEqual(['fetch', 'probe', 'decode', 'hash', 'candidates', 'match'])
  const text = await scrape()
  expect(stagesOf('GetFingerPrint', text)).toEqual([
    'fetch',
    'probe',
    'decode',
    'hash',
    'store',
    'candidates',
  ])
  expect(valueIn(text, 'kinoprint_jobs_ended_total', { rule, state: 'Success' })).toBe(1)
  expect(valueIn(text, 'kinoprint_jobs_ended_total', { rule, state: 'Failed' })).toBe(1)
  expect(valueIn(text, 'kinoprint_jobs_failed_total', { rule, code: 'ResourceNotFound' })).toBe(1)
  expect(valueIn(text, 'kinoprint_job_turnaround_seconds_count', { rule })).toBe(2)
  for (const part of ['probe', 'decode', 'hash'])
    expect(valueIn(text, 'kinoprint_stage_seconds_sum', { rule, stage: part }), part).toBeGreaterThan(0)
  const processed = valueIn(text, 'kinoprint_processed_video_seconds_total', { rule: 'GetFingerPrint' })
  expect(processed).toBeCloseTo(SECONDS, 0)
  expect(valueIn(text, 'kinoprint_videos')).toBe(1)
  expect(valueIn(text, 'kinoprint_stored_video_seconds')).toBeCloseTo(SECONDS, 0)
  for (const index of ['frame', 'audio'])
    expect(valueIn(text, 'kinoprint_index_bytes', { index }), index).toBeGreaterThan(8_192)
  for (const level of ['0', '1', '2'])
    expect(valueIn(text, 'kinoprint_waiting_oldest_seconds', { level }), level).toBe(0)
  expect(valueIn(text, 'kinoprint_workers', { state: 'alive' })).toBe(1)
  expect(valueIn(text, 'kinoprint_callbacks_pending')).toBe(0)
  expect(valueIn(text, 'kinoprint_outdated_videos')).toBe(0)
  for (const part of ['database', 'queue', 'objects'])
    expect(valueIn(text, 'kinoprint_part_up', { part }), part).toBe(1)
})

test('alerts, dashboard and documentation name only metrics that the product has, and all of its own', async () => {
  const exposed = new Set([...(await scrape()).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ''))
  const namesIn = (text: string): string[] =>
    [...text.matchAll(/\b(?:kinoprint|nodejs|process)_[a-z0-9_]+/g)].map(([name]) =>
      exposed.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''),
    )
  const queried = namesIn([...dashboardQueries(), alertExpressions()].join('\n'))
  expect(queried.length).toBeGreaterThan(40)
  expect(queried.filter((name) => !exposed.has(name))).toEqual([])
  const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const documented = [...operations.matchAll(/^\| `(kinoprint_[a-z0-9_]+)/gm)].map((match) => match[1] ?? '')
  const own = [...exposed].filter((name) => name.startsWith('kinoprint_'))
  expect(documented.sort()).toEqual(own.sort())
})
