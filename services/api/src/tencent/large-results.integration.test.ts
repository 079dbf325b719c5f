import { connect } from 'node:net'
import { signRequest } from '@kinoprint/contract'
import { claimJob, completeJob, enqueueJob, type JobResult } from '@kinoprint/store'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

const JOBS = 30
/** The size limit of a list, plus the largest job at its end. */
const PAGE_BYTES_MAX = 4e6

let api: RunningTestApi
let jobIds: string[] = []
beforeAll(async () => {
  api = await startTestApi()
  for (let n = 0; n < JOBS; n++) jobIds.push(await endedJob(n))
  jobIds = jobIds.reverse()
})
afterAll(() => api.close())
beforeEach(() => {
  vi.restoreAllMocks()
})

/** Twice the maximum number of segments of a result. */
const largeResult: JobResult = {
  videoId: 'dv1',
  durationSeconds: 1_700,
  detections: Array.from({ length: 40 }, (_, n) => ({
    videoId: `dv${n}`,
    object: `${n}.mp4`,
    durationSeconds: 1_700,
    score: 1,
    similar: 100,
    audioSimilar: 100,
    queryCoverage: 1,
    refCoverage: 1,
    segments: Array.from({ length: 100 }, (_, at) => ({
      queryStart: at * 17,
      queryEnd: at * 17 + 15,
      refStart: at * 17,
      refEnd: at * 17 + 15,
      score: 0.987654321,
      kind: 'both' as const,
      speed: 1,
      mirrored: false,
      reversed: false,
      turn: 0 as const,
      queryBox: null,
      refBox: null,
      part: 'whole',
      pictureScore: 0.7,
      soundScore: 0.5,
      weak: false,
    })),
  })),
}

async function endedJob(n: number): Promise<string> {
  const { jobId } = await enqueueJob(api.db, {
    ruleType: 'FindSimilarVideo',
    dnaDbId: 'Db1',
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: `${n}.mp4`,
    secretId: api.key.secretId,
  })
  const claim = await claimJob(api.db, { jobId, workerId: 'test', leaseMs: 60_000 })
  if (claim.kind !== 'run') throw new Error(`The job was not claimed: ${claim.kind}`)
  await completeJob(api.db, claim.fence, largeResult)
  return jobId
}

function idsIn(text: string): string[] {
  return [...text.matchAll(/<JobId>(\w+)</g)].map(([, id]) => id ?? '')
}

/** The number of results that each statement reads into memory. */
function watchResults(): number[] {
  const counts: number[] = []
  const query = api.db.pool.query.bind(api.db.pool)
  vi.spyOn(api.db.pool, 'query').mockImplementation(async (...asked: unknown[]) => {
    const answer = await Reflect.apply(query, undefined, asked)
    const withResult = answer.rows.filter((row: object) => 'result' in row && row.result !== null)
    if (withResult.length > 0) counts.push(withResult.length)
    return answer
  })
  return counts
}

test('a list of large results is split into pages by size, and no job is missing', {
  tags: ['result-limit', 'cut-pages'],
}, async () => {
  const counts = watchResults()
  const seen: string[] = []
  let token = ''
  let pages = 0
  do {
    const { status, body, text } = await api.signed({
      method: 'GET',
      target: `/jobs?size=100${token === '' ? '' : `&nextToken=${encodeURIComponent(token)}`}`,
    })
    expect(status).toBe(200)
    expect(body.length).toBeLessThan(PAGE_BYTES_MAX)
    const ids = idsIn(text)
    expect(ids.length).toBeGreaterThan(0)
    seen.push(...ids)
    token = tag('NextToken', text) ?? ''
    pages += 1
  } while (token !== '' && pages < JOBS)
  expect(seen).toEqual(jobIds)
  expect(pages).toBeGreaterThan(3)
  expect(Math.max(...counts)).toBe(1)
})

test('jobs requested by id are complete, and their results are read one at a time', {
  tags: ['result-limit'],
}, async () => {
  const counts = watchResults()
  const { status, text } = await api.signed({ method: 'GET', target: `/jobs/${jobIds.slice(0, 20).join()}` })
  expect(status).toBe(200)
  expect(idsIn(text)).toEqual(jobIds.slice(0, 20))
  expect(text.match(/<DNAResult>/g)).toHaveLength(20)
  expect(counts).toEqual(Array(20).fill(1))
})

test('no more results are read from the database while a client does not read', {
  tags: ['result-limit'],
}, async () => {
  const counts = watchResults()
  const target = `/jobs/${jobIds.slice(0, 20).join()}`
  const nowSeconds = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    method: 'GET',
    target,
    headers: [],
    ...api.key,
    startSeconds: nowSeconds - 60,
    endSeconds: nowSeconds + 900,
  })
  const socket = connect({ port: api.port, host: '127.0.0.1' })
  socket.pause()
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)
  await expect.poll(() => counts.length).toBeGreaterThan(0)
  for (let n = 0; n < 100; n++) await api.signed({ method: 'GET', target: '/dnadb' })
  expect(counts.length).toBeLessThan(20)
  socket.destroy()
})

test('admin lists and event streams read no results, and a truncated result reports what is missing', {
  tags: ['result-limit'],
}, async () => {
  const counts = watchResults()
  const list = await api.admin({ method: 'GET', target: '/admin/jobs?pageSize=100' })
  expect(list.json).toMatchObject({ total: JOBS })
  expect(list.text).not.toContain('segments')
  const events = await api.admin({ method: 'GET', target: `/admin/jobs/${jobIds[0]}/events` })
  expect(events.text).toContain('"state":"Success"')
  expect(counts).toEqual([])
  const job = await api.admin({ method: 'GET', target: `/admin/jobs/${jobIds[0]}` })
  expect(job.json).toMatchObject({ result: { truncated: { detections: 0, segments: 2_000 } } })
})
