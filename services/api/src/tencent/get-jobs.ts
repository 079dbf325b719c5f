import { Fault, jobsByIdXml, jobViewOf, limits, parseIdList } from '@kinoprint/contract'
import { getJobs as readJobs } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /jobs/{id[,id…]}: the jobs in the order of the ids, and the ids that are none. */
export const getJobs =
  ({ db, settings }: ApiContext): TencentHandler =>
  async ({ req, scope }) => {
    const ids = parseIdList(String(req.params.jobIds), 'jobId', limits.idsPerRequest)
    if (ids.length === 0) throw new Fault('InvalidArgument', 'The path names no job.')
    const found = await readJobs(db, ids, scope)
    const byId = new Map(found.map((job) => [job.jobId, job]))
    return jobsByIdXml({
      jobs: ids.flatMap((id) => byId.get(id) ?? []).map(jobViewOf),
      nonExistJobIds: ids.filter((id) => !byId.has(id)),
      resultTag: settings.resultTag,
    })
  }
