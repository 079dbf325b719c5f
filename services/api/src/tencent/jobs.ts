import {
  encodeNextToken,
  jobListXml,
  jobsXml,
  jobViewOf,
  jobXml,
  limits,
  parseIdList,
  parseJobsQuery,
} from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import {
  cancelJob as cancelRow,
  type Database,
  getJobHeads,
  type JobHead,
  type JobPage,
  listJobs as readJobs,
  readResults,
} from '@kinoprint/store'
import type { ApiContext, ApiSettings } from '../context.ts'
import { withdrawJob } from '../dispatch-job.ts'
import type { XmlParts } from './send-xml.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /jobs/{id[,id…]}: the requested jobs, and the ids that do not exist. */
export function getJobs({ db, settings }: ApiContext): TencentHandler {
  return async ({ req, scope }) => {
    const ids = parseIdList(String(req.params.jobIds), 'jobId', limits.idsPerRequest)
    if (ids.length === 0) throw new Fault('InvalidArgument', 'The path contains no job id.')
    const found = await getJobHeads(db, ids, scope)
    return answerParts({ db, settings }, { ids, found })
  }
}

async function* answerParts(
  context: Pick<ApiContext, 'db' | 'settings'>,
  { ids, found }: { readonly ids: readonly string[]; readonly found: readonly JobHead[] },
): XmlParts {
  const known = new Set(found.map(({ jobId }) => jobId))
  yield jobsXml.start
  yield* jobParts(context, found)
  yield jobsXml.endOfIds(ids.filter((id) => !known.has(id)))
}

/** Characters after which a page ends early. Its NextToken continues with the next job. */
const PAGE_LENGTH = 2 * 1024 * 1024

/** GET /jobs: a page of the jobs in scope, newest first by default. */
export function listJobs({ db, settings }: ApiContext): TencentHandler {
  return async ({ scope, query }) => {
    const { matchesNothing, cursor, orderByTime, ...filter } = parseJobsQuery(query)
    if (matchesNothing) return jobListXml({ jobs: [], nextToken: '', resultTag: settings.resultTag })
    const page = await readJobs(db, {
      ...filter,
      ...scope,
      order: orderByTime,
      after: cursor,
    })
    return pageParts({ db, settings }, page)
  }
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

/** Maximum bytes of results, as JSON, that one response keeps in memory; at least one result. */
const BATCH_BYTES = 256 * 1024

type PartOptions = { readonly db: Database; readonly settings: Pick<ApiSettings, 'resultTag'> }

/** The XML of each job. Reads a few results at a time. */
async function* jobParts(
  { db, settings: { resultTag } }: PartOptions,
  heads: readonly JobHead[],
): AsyncGenerator<string, void> {
  for (const batch of batchesOf(heads)) {
    const withResult = batch.filter(({ resultBytes }) => resultBytes > 0)
    const results =
      withResult.length === 0
        ? new Map()
        : await readResults(
            db,
            withResult.map(({ jobId }) => jobId),
          )
    for (const head of batch) {
      yield jobXml(jobViewOf({ ...head, result: results.get(head.jobId) ?? null }), { resultTag })
    }
  }
}

function* batchesOf(heads: readonly JobHead[]): Generator<readonly JobHead[], void> {
  let batch: JobHead[] = []
  let bytes = 0
  for (const head of heads) {
    if (batch.length > 0 && bytes + head.resultBytes > BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(head)
    bytes += head.resultBytes
  }
  if (batch.length > 0) yield batch
}

/** PUT /jobs/{id}: cancels a job, with or without ?cancel in the query. */
export function cancelJob(context: ApiContext): TencentHandler {
  return async ({ req, scope }) => {
    const jobId = String(req.params.jobIds)
    const [known] = await getJobHeads(context.db, [jobId], scope)
    if (!known) throw new Fault('InvalidArgument', `Job ${jobId} does not exist.`)
    await cancelRow(context.db, jobId)
    await withdrawJob(context, jobId)
    return ''
  }
}
