import { encodeNextToken, jobListXml, jobViewOf, parseJobsQuery } from '@kinoprint/contract'
import { listJobs as readJobs } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /jobs: newest first unless asked otherwise; a host that names a bucket sees that bucket's jobs. */
export const listJobs =
  ({ db, settings }: ApiContext): TencentHandler =>
  async ({ scope, query }) => {
    const { never, cursor, orderByTime, ...filter } = parseJobsQuery(query)
    if (never) return jobListXml({ jobs: [], nextToken: '', resultTag: settings.resultTag })
    const { jobs, next } = await readJobs(db, {
      ...filter,
      ...scope,
      order: orderByTime,
      after: cursor,
    })
    return jobListXml({
      jobs: jobs.map(jobViewOf),
      nextToken: next === null ? '' : encodeNextToken(next),
      resultTag: settings.resultTag,
    })
  }
