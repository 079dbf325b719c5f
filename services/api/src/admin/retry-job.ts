import { listDeliveries, retryJob as retryRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { dispatchJob } from '../dispatch-job.ts'
import { sendJson } from '../http/send.ts'
import { jobBody } from './job-body.ts'

/** POST /admin/jobs/:jobId/retry: a failed or cancelled job starts anew under its own id. */
export const retryJob =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const job = await retryRow(context.db, String(req.params.jobId))
    await dispatchJob(context, job)
    sendJson(res, 200, jobBody(job, await listDeliveries(context.db, job.jobId)))
  }
