import { listDeliveries, stopJob } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { withdrawJob } from '../dispatch-job.ts'
import { sendJson } from '../http/send.ts'
import { findJob } from './find-job.ts'
import { jobBody } from './job-body.ts'

/** POST /admin/jobs/:jobId/cancel: a job that waits or runs. */
export const cancelJob =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const { jobId, state } = await findJob(context, req)
    const job = await stopJob(context.db, jobId)
    // The worker of a running job takes its entry out of the queue itself.
    if (state !== 'Running') await withdrawJob(context, jobId)
    sendJson(res, 200, jobBody(job, await listDeliveries(context.db, jobId)))
  }
