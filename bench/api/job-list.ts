import { fileURLToPath } from 'node:url'
import { adminListJobs, migrate, openDatabase } from '../../packages/store/src/index.ts'
import { median } from '../median.ts'
import type { BenchOptions, Row } from '../report.ts'

const JOBS = 1_000_000
const PAGE_SIZE = 50
const WARM_UPS = 1

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

type Request = Parameters<typeof adminListJobs>[1]

const requests: Readonly<Record<string, Request>> = {
  'no filter': {},
  'failed jobs': { state: ['Failed'] },
  'one kind': { ruleType: 'FindSimilarVideo' },
  'one library of seven': { dnaDbId: 'Db3' },
  'failed jobs of one library': { dnaDbId: 'Db3', state: ['Failed'] },
  'one key of 20': { secretId: 'AKID3' },
  'one key and one library': { secretId: 'AKID3', dnaDbId: 'Db3' },
  'one reason': { code: 'ResourceNotFound' },
  'part of an object': { q: 'clip-99' },
  'part of an object, oldest first': { q: 'clip-99', order: 'oldest' },
  'page 2,000': { page: 2_000 },
}

/** Measures the first page of GET /admin/jobs on PostgreSQL with a million jobs, by filter. */
export async function measureJobList({
  print,
  rounds,
}: Pick<BenchOptions, 'print'> & { readonly rounds: number }): Promise<readonly Row[]> {
  const db = await openDatabase({ databaseUrl: process.env.TEST_DATABASE_URL ?? '' })
  try {
    await migrate(db, { dir: migrations })
    print(`Making ${JOBS} jobs`)
    for (const text of fill) await db.pool.query({ text, query_timeout: 600_000 } as { text: string })
    const rows: Row[] = []
    for (const [name, request] of Object.entries(requests)) {
      const times: number[] = []
      for (let round = -WARM_UPS; round < rounds; round++) {
        const startMs = performance.now()
        await adminListJobs(db, { pageSize: PAGE_SIZE, ...request })
        if (round >= 0) times.push(performance.now() - startMs)
      }
      rows.push({
        filter: name,
        'median ms': median(times).toFixed(0),
        'longest ms': Math.max(...times).toFixed(0),
      })
    }
    return rows
  } finally {
    await db.close()
  }
}

const fill = [
  `insert into queues (queue_id, name, bucket, region, notify)
   select 'p' || n, 'default', 'films-' || n, 'local', '{}' from generate_series(1, 4) n`,
  `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, secret_id, user_data, code,
     message, result, created_at, started_at, ended_at)
   select 'j' || md5(n::text), state, case when n % 10 < 3 then 'GetFingerPrint' else 'FindSimilarVideo' end,
     'Db' || n % 7, 'films-' || n % 4 + 1, 'local', 'uploads/' || md5((n % 50000)::text) || '/clip-' || n || '.mp4',
     'p' || n % 4 + 1, 'AKID' || n % 20, case when n % 3 = 0 then 'user ' || n end,
     case state when 'Failed' then (array['ResourceNotSupported', 'ResourceNotFound', 'InternalError'])[n % 7 % 3 + 1] end,
     case state when 'Failed' then 'The file is not a video.' end,
     case state when 'Success' then ('{"videoId": "", "durationSeconds": 30, "detections": [{"videoId": "dv' || md5(n::text)
       || '", "object": "a.mp4", "score": 0.99, "segments": [{"queryStart": 0, "queryEnd": 10, "refStart": 5,
       "refEnd": 15, "score": 0.99}]}]}')::jsonb end,
     created_at, case when state <> 'Submitted' then created_at + interval '1 second' end,
     case when state <> 'Submitted' then created_at + interval '12 seconds' end
   from generate_series(1, ${JOBS}) n cross join lateral (
     select now() - (${JOBS} - n) * interval '7 seconds' as created_at,
       case when n > ${JOBS} - 40 then 'Submitted' when n % 300 = 7 then 'Failed' when n % 500 = 3 then 'Cancel'
         else 'Success' end as state
   ) made`,
  'vacuum analyze jobs',
]
