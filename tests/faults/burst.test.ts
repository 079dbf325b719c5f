import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorizationOf } from '../compat/sign.ts'
import type { Submit } from '../e2e/client.ts'
import { secretsIn } from '../e2e/product.ts'
import { MISSING_OBJECT } from './clips.ts'
import { residentBytes } from './processes.ts'
import { growthOf, isVacuumed, type Sample, tablesOf, takeSample } from './soak-samples.ts'
import { type Stack, startStack } from './stack.ts'
import { countOf, secondsWithin, submitBurst } from './submit-load.ts'

/** `npm run test:burst` sets it to 20,000. */
const LONG_REQUESTS = Number(process.env.BURST_REQUESTS ?? 0)
const REQUESTS = LONG_REQUESTS || 1_200
/** The long form fills the default limit of one key. The short form has a smaller queue. */
const QUEUE_SIZE = LONG_REQUESTS > 0 ? 5_000 : 400
/** More than the API serves concurrently. */
const CONNECTIONS = 600
const WARM_UP = 200
const GROWTH_MAX_BYTES = 100e6
const SAMPLE_MS = 200
const TEST_LIMIT_MS = 1_500_000
/** Time limit for a hanging test. PostgreSQL checks every 10 s whether a table needs vacuuming. */
const VACUUM_LIMIT_MS = 250_000
/** Time limit for a hanging test. Idle connections close after a few seconds. */
const LEVEL_LIMIT_MS = 250_000

describe(`a burst of ${REQUESTS} submissions over ${CONNECTIONS} connections`, () => {
  let stack: Stack
  let library = ''
  let idle: Sample

  beforeAll(async () => {
    // Workers start only when all jobs are submitted, so that the order can be checked.
    stack = await startStack({ workers: 1, concurrency: 1 })
    idle = levelsOf(stack)
    await stack.workers[0]?.end('SIGTERM')
    library = await stack.client.createLibrary({ name: 'burst' })
    await stack.sql('update queues set max_size = $1', [QUEUE_SIZE])
  })
  afterAll(() => stack.close(), 60_000)

  const jobs = (from: number, to: number): Submit[] =>
    Array.from({ length: to - from }, (_, n) => ({
      rule: 'FindSimilarVideo',
      library,
      object: MISSING_OBJECT,
      level: ([0, 1, 2] as const)[n % 3] ?? 0,
      userData: `burst:${from + n}`,
    }))
  const burst = (from: number, to: number) => {
    const key = secretsIn(stack.dataDir)
    const authorization = authorizationOf({ method: 'POST', path: '/jobs', key, lifeSeconds: 3_600 })
    return submitBurst({ url: stack.url, authorization, jobs: jobs(from, to), connections: CONNECTIONS })
  }

  test('gets a response to each request, and the memory of the API grows by less than 100 MB', {
    tags: ['burst'],
    timeout: TEST_LIMIT_MS,
  }, async () => {
    const warmUp = countOf(await burst(0, WARM_UP)).accepted ?? 0
    const pid = stack.api.child.pid ?? 0
    const before = residentBytes(pid)
    let peak = before
    const sampling = setInterval(() => {
      peak = Math.max(peak, residentBytes(pid))
    }, SAMPLE_MS)
    const began = performance.now()
    const answers = await burst(WARM_UP, WARM_UP + REQUESTS)
    const seconds = (performance.now() - began) / 1000
    clearInterval(sampling)
    const counts = countOf(answers)
    report({ counts, seconds, answers, before, peak, after: residentBytes(pid) })
    expect(answers).toHaveLength(REQUESTS)
    expect(Object.keys(counts).filter((what) => !EXPECTED.has(what))).toEqual([])
    expect(peak - before).toBeLessThan(GROWTH_MAX_BYTES)
    const [rows] = await stack.sql<{ jobs: number }>('select count(*)::int as jobs from jobs')
    expect(rows?.jobs).toBe(warmUp + (counts.accepted ?? 0))
    expect(rows?.jobs).toBeLessThanOrEqual(QUEUE_SIZE)
    // A full queue returns QueueSaturated, however fast the machine is.
    await stack.sql('update queues set max_size = $1', [rows?.jobs])
    const next = WARM_UP + REQUESTS
    expect(countOf(await burst(next, next + 1))).toEqual({ QueueSaturated: 1 })
    expect((await stack.client.admin('GET', '/queues')).status).toBe(200)
  })

  test('runs all jobs in order of level', {
    tags: ['level-order'],
    timeout: TEST_LIMIT_MS,
  }, async () => {
    await stack.workers[0]?.start()
    const left = () =>
      stack.sql<{ left: number }>(`select count(*)::int as left from jobs where ended_at is null`)
    await expect.poll(async () => (await left())[0]?.left, { timeout: TEST_LIMIT_MS, interval: 500 }).toBe(0)
    const inOrder = await stack.sql<{ level: number; jobs: number }>(
      `select level, count(*)::int as jobs from (
         select job_level as level, sum(case when job_level > before then 1 else 0 end) over (order by started_at, seq) as run
         from (select *, lag(job_level) over (order by started_at, seq) as before from jobs) j) r
       group by run, level order by run, level desc`,
    )
    // Levels only decrease: no job started after one of a lower level.
    expect(inOrder.map(({ level }) => level)).toEqual([2, 1, 0])
  })

  // A short version of the soak test, without memory, which takes longer to measure.
  test('leaves no handle, temporary file or Redis key behind, and its tables are vacuumed', {
    tags: ['no-leaks'],
    timeout: 2 * VACUUM_LIMIT_MS + LEVEL_LIMIT_MS,
  }, async () => {
    const grown = () =>
      growthOf([idle], [levelsOf(stack)])
        .filter(({ fits }) => !fits)
        .map(({ what, begin, end }) => `${what}: ${begin}, then ${end}`)
    await expect.poll(grown, { timeout: LEVEL_LIMIT_MS }).toEqual([])
    const unvacuumed = async () => (await tablesOf(stack)).filter((table) => !isVacuumed(table))
    await expect.poll(unvacuumed, { timeout: VACUUM_LIMIT_MS, interval: 500 }).toEqual([])
  })
})

/** All measured values except memory, which takes longer to settle. */
function levelsOf(stack: Stack): Sample {
  const { minute, values } = takeSample(stack, 0)
  return {
    minute,
    values: Object.fromEntries(Object.entries(values).filter(([what]) => !/^memory/.test(what))),
  }
}

const EXPECTED = new Set(['accepted', 'QueueSaturated', 'SlowDown'])

type Burst = {
  readonly counts: Readonly<Record<string, number>>
  readonly seconds: number
  readonly answers: Parameters<typeof secondsWithin>[0]
  readonly before: number
  readonly peak: number
  readonly after: number
}

function report({ counts, seconds, answers, before, peak, after }: Burst): void {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  const told = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  const [median, slow, last] = [0.5, 0.99, 1].map((share) => secondsWithin(answers, share).toFixed(2))
  process.stdout.write(
    `\n${answers.length} submissions in ${seconds.toFixed(1)} s: ${told.join(', ')}\n` +
      `answered within ${median} s (half), ${slow} s (99 %), ${last} s (all)\n` +
      `memory of the API: ${megabytes(before)} before, ${megabytes(peak)} at most, ${megabytes(after)} after\n`,
  )
}
