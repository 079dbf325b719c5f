import { jobsXml, limits, parseIdList } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { getJobHeads, type JobHead } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { jobParts } from './job-parts.ts'
import type { XmlParts } from './send-xml.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /jobs/{id[,id…]}: the jobs in the order of the ids, and the ids that are none. */
export const getJobs =
  ({ db, settings }: ApiContext): TencentHandler =>
  async ({ req, scope }) => {
    const ids = parseIdList(String(req.params.jobIds), 'jobId', limits.idsPerRequest)
    if (ids.length === 0) throw new Fault('InvalidArgument', 'The path names no job.')
    const found = await getJobHeads(db, ids, scope)
    return answerParts({ db, settings }, { ids, found })
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
