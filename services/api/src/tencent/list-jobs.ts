import { encodeNextToken, jobListXml, jobsXml, parseJobsQuery } from '@kinoprint/contract'
import { type JobPage, listJobs as readJobs } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { jobParts } from './job-parts.ts'
import type { XmlParts } from './send-xml.ts'
import type { TencentHandler } from './tencent-route.ts'

/** A page ends after so many characters, however many jobs were asked for; its NextToken goes on with the next job. */
const PAGE_LENGTH = 2 * 1024 * 1024

/** GET /jobs: newest first unless asked otherwise; a host that names a bucket sees that bucket's jobs. */
export const listJobs =
  ({ db, settings }: ApiContext): TencentHandler =>
  async ({ scope, query }) => {
    const { never, cursor, orderByTime, ...filter } = parseJobsQuery(query)
    if (never) return jobListXml({ jobs: [], nextToken: '', resultTag: settings.resultTag })
    const page = await readJobs(db, {
      ...filter,
      ...scope,
      order: orderByTime,
      after: cursor,
    })
    return pageParts({ db, settings }, page)
  }

async function* pageParts(context: Pick<ApiContext, 'db' | 'settings'>, { jobs, next }: JobPage): XmlParts {
  yield jobsXml.start
  let length = 0
  let sent = 0
  for await (const part of jobParts(context, jobs)) {
    yield part
    length += part.length
    sent += 1
    const last = jobs[sent - 1]
    if (length >= PAGE_LENGTH && sent < jobs.length && last !== undefined) {
      return yield jobsXml.endOfList(encodeNextToken({ createdAt: last.createdAt, seq: last.seq }))
    }
  }
  yield jobsXml.endOfList(next === null ? '' : encodeNextToken(next))
}
