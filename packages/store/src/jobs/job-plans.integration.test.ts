import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { rowsRead } from '../query-plan.fixture.ts'
import { newJob } from '../samples.fixture.ts'
import type { Statement } from '../statement.ts'
import { CREATED_JOBS, ENDED_JOBS } from '../stats/job-tally.ts'
import type { AdminJobFilter } from './admin-job-scan.ts'
import { adminJobStatement, adminListJobs, reasonsStatement } from './admin-list-jobs.ts'
import { isExact, type JobCursor, type JobFilter, jobScanStatement } from './job-scan.ts'
import { listJobs, scanSizesOf } from './list-jobs.ts'

const JOBS = 30_000
const SIZE = 10
const WIDE_BUCKETS = 8

describe.each(backends)(`lists of ${JOBS} jobs on $name`, ({ open }) => {
  let database: TestDatabase
  let queueId = ''
  beforeAll(async () => {
    database = await open()
    queueId = (await newJob(database.db, 'Db1')).queueId
    // Nearly all of one rule type, and a few of another among the oldest. For these, a wrong index would read all rows.
    await database.db.pool.query(
      `insert into jobs (job_id, state, code, rule_type, dna_db_id, bucket, region, object, queue_id, created_at, ended_at)
       select 'j' || n, case when n % 3000 = 1 then 'Failed' else 'Success' end,
         case when n % 3000 = 1 then 'InternalError' end,
         case when n % 3000 = 1 then 'DeleteFingerPrint' else 'GetFingerPrint' end,
         case when n % 3000 = 1 then 'Db2' else 'Db1' end, case when n % 3000 = 1 then 'rare-1' else 'films-125' end,
         case when n = 1 then 'far' else 'local' end, 'o' || n % 1000, $1,
         now() - (${JOBS} - n) * interval '1 second', now()
       from generate_series(1, ${JOBS}) n`,
      [queueId],
    )
    // Many of several buckets, in one library.
    await database.db.pool.query(
      `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, created_at, ended_at)
       select 'w' || n, 'Success', 'GetFingerPrint', 'Wide', 'wide-' || n % ${WIDE_BUCKETS}, 'local', 'w', $1,
         now() - (${JOBS} + n) * interval '1 second', now()
       from generate_series(1, ${WIDE_BUCKETS} * 3000) n`,
      [queueId],
    )
    await database.db.pool.query('vacuum analyze jobs')
  })
  afterAll(() => database.close())

  const jobsRead = (statement: Statement): Promise<number> => rowsRead(database.db, statement, 'jobs')

  const at = new Date(Date.now() - (JOBS / 2) * 1000)
  const filters: readonly (readonly [string, JobFilter])[] = [
    ['nothing', {}],
    ['its queue', { queueId: 'the queue' }],
    ['its queue and a rare state', { queueId: 'the queue', states: ['Failed'] }],
    ['its queue and several states', { queueId: 'the queue', states: ['Failed', 'Cancel', 'Running'] }],
    ['its bucket', { buckets: ['films-125'] }],
    ['a rare bucket', { buckets: ['rare-1'] }],
    ['several buckets', { buckets: ['rare-1', 'films-125', 'none-1'] }],
    ['its bucket and a state that none is in', { buckets: ['films-125'], states: ['Failed'] }],
    ['its library', { libraries: ['Db1'] }],
    ['a rare library', { libraries: ['Db2'] }],
    ['a rare state', { states: ['Failed'] }],
    ['its object', { inputObject: 'o7' }],
    ['an object that is not there', { inputObject: 'none' }],
    ['its start', { startCreationTime: at }],
    ['its end', { endCreationTime: at }],
    ['its bucket and time', { buckets: ['films-125'], startCreationTime: at, endCreationTime: at }],
    ['its queue and time', { queueId: 'the queue', startCreationTime: at }],
  ]

  test.each(filters)(
    'by %s read an index and no more rows than the page, in both orders and from the middle',
    { tags: ['list-plans'] },
    async (_by, given) => {
      const filter = given.queueId === undefined ? given : { ...given, queueId }
      expect(isExact(filter)).toBe(true)
      for (const order of ['Desc', 'Asc'] as const) {
        for (const after of [null, { createdAt: at, seq: JOBS / 2 }]) {
          const statement = jobScanStatement({ filter, order, after, size: SIZE, rows: SIZE })
          // Each branch reads at most a page. The jobs of the page are then read once more in full.
          expect(await jobsRead(statement)).toBeLessThanOrEqual(19 * SIZE)
        }
      }
    },
  )

  test('by columns without an index read a bounded number of rows per page and skip no job', {
    tags: ['list-plans', 'sparse-pages'],
  }, async () => {
    const filter: JobFilter = { buckets: ['rare-1', 'films-125'], regions: ['far'] }
    expect(isExact(filter)).toBe(false)
    const rows = 1_000
    expect(
      await jobsRead(jobScanStatement({ filter, order: 'Desc', after: null, size: SIZE, rows })),
    ).toBeLessThan(3 * rows)
    const found: string[] = []
    let after: JobCursor | null = null
    let pages = 0
    do {
      const page = await listJobs(database.db, { ...filter, size: SIZE, after })
      found.push(...page.jobs.map(({ jobId }) => jobId))
      after = page.next
      pages += 1
    } while (after !== null && pages < 100)
    expect(found).toEqual(['j1'])
    expect(pages).toBeGreaterThan(1)
  })

  test('by several buckets and a column without an index read no more rows than by one bucket', {
    tags: ['list-plans'],
  }, async () => {
    const buckets = Array.from({ length: WIDE_BUCKETS }, (_, n) => `wide-${n}`)
    const filter: JobFilter = { buckets, libraries: ['Db2'] }
    let read = 0
    for (const rows of scanSizesOf(filter, SIZE)) {
      read += await jobsRead(jobScanStatement({ filter, order: 'Desc', after: null, size: SIZE, rows }))
    }
    expect(read).toBeLessThan(12_000)
    expect((await listJobs(database.db, { ...filter, size: SIZE })).jobs).toEqual([])
  })

  const adminFilters: readonly (readonly [string, AdminJobFilter])[] = [
    ['nothing', {}],
    ['a state', { state: ['Success'] }],
    ['a rare state', { state: ['Failed', 'Cancel'] }],
    ['time', { from: at, to: new Date() }],
    ['rule type', { ruleType: 'GetFingerPrint' }],
    ['a rare rule type', { ruleType: 'DeleteFingerPrint' }],
    ['library', { dnaDbId: 'Db1' }],
    ['a rare library', { dnaDbId: 'Db2' }],
    ['library and a rare state', { dnaDbId: 'Db1', state: ['Failed'] }],
    ['object', { object: 'o7' }],
    ['a reason', { code: 'ResourceNotFound' }],
    ['a key', { secretId: 'AKID1' }],
    ['a key, library and rule type', { secretId: 'AKID1', dnaDbId: 'Db1', ruleType: 'DeleteFingerPrint' }],
    ['a part of the object', { q: 'o99' }],
    ['a part of the object beyond ASCII', { q: 'ø99' }],
    ['an id', { q: `j${'0'.repeat(32)}` }],
  ]

  test.each(adminFilters)(
    'of the administrator by %s read an index and a bounded number of jobs',
    { tags: ['list-plans'] },
    async (_by, filter) => {
      for (const order of ['newest', 'oldest'] as const) {
        const { limit, ...statement } = adminJobStatement({ ...filter, order, page: 1, pageSize: SIZE })
        // The counts look at up to `limit` jobs, the page at its own, once to find and once to show them.
        expect(await jobsRead(statement)).toBeLessThanOrEqual(2 * limit + 20 * SIZE)
        expect(await jobsRead(reasonsStatement(filter))).toBeLessThanOrEqual(limit + 2 * 2_000)
      }
    },
  )

  test('for the figures of a time read an index, and only the jobs of the stretches', {
    tags: ['list-plans'],
  }, async () => {
    const now = Date.now()
    const stretches = [2000, 1000].map((ago) => new Date(now - ago * 1000))
    const values = [stretches, stretches.map((from) => new Date(from.getTime() + 100_000))]
    // One job a second was created; all ended just now.
    const created = await jobsRead({ text: CREATED_JOBS, values })
    expect(created).toBeGreaterThan(150)
    expect(created).toBeLessThanOrEqual(201)
    expect(await jobsRead({ text: ENDED_JOBS, values })).toBe(0)
  })

  test('of the administrator stop at the limit of a scan and say where', {
    tags: ['list-plans'],
  }, async () => {
    // The jobs of one library, more than a scan by a second column looks at.
    const filter = { dnaDbId: 'Db1', ruleType: 'FindSimilarVideo', pageSize: 1 } as const
    const newest = await adminListJobs(database.db, filter)
    expect(newest).toMatchObject({ total: 0, exact: false, searchedTo: expect.any(Date) })
    const oldest = await adminListJobs(database.db, { ...filter, order: 'oldest' })
    expect(Number(newest.searchedTo)).toBeLessThan(Number(oldest.searchedTo))
    const rest = await adminListJobs(database.db, { ...filter, to: newest.searchedTo ?? new Date() })
    expect(rest).toMatchObject({ exact: true, searchedTo: null })
  })

  test('of the administrator count by state and page to the last job', {
    tags: ['list-plans'],
  }, async () => {
    const all = await adminListJobs(database.db, { page: 1, pageSize: 100 })
    expect(all).toMatchObject({
      exact: true,
      searchedTo: null,
      counts: { Failed: JOBS / 3000, Submitted: 1 },
    })
    expect(all.total).toBe(JOBS + WIDE_BUCKETS * 3000 + 1)
    const last = await adminListJobs(database.db, { page: Math.ceil(all.total / 100), pageSize: 100 })
    expect(last.items).toHaveLength(all.total % 100)
    await expect(adminListJobs(database.db, { page: 1001, pageSize: 100 })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('Narrow the list'),
    })
    expect((await adminListJobs(database.db, { state: ['Failed'] })).total).toBe(10)
    expect((await adminListJobs(database.db, { q: 'O99', pageSize: 1 })).total).toBeGreaterThan(0)
    // Of the newest 20,000 jobs, and of the jobs of one library.
    for (const [rest, jobs] of [
      [{}, 6],
      [{ dnaDbId: 'Db2' }, 10],
    ] as const) {
      const { reasons } = await adminListJobs(database.db, { q: 'O', pageSize: 1, ...rest })
      expect(reasons).toEqual([{ code: 'InternalError', jobs }])
    }
  })
})
