import { Fault } from '@kinoprint/core'
import { cancelJob as cancelRow, getJobHeads } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { withdrawJob } from '../dispatch-job.ts'
import type { TencentHandler } from './tencent-route.ts'

/** PUT /jobs/{id}: cancels a job. Some clients send ?cancel and some do not. */
export function cancelJob(context: ApiContext): TencentHandler {
  return async ({ req, scope }) => {
    const jobId = String(req.params.jobIds)
    const [known] = await getJobHeads(context.db, [jobId], scope)
    if (!known) throw new Fault('InvalidArgument', `There is no job ${jobId}.`)
    await cancelRow(context.db, jobId)
    await withdrawJob(context, jobId)
    return ''
  }
}
