import { Fault } from '@kinoprint/contract'
import { cancelJob as cancelRow, listDeliveries } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { withdrawJob } from '../dispatch-job.ts'
import { sendJson } from '../http/send.ts'
import { findJob } from './find-job.ts'
import { jobBody } from './job-body.ts'

/** POST /admin/jobs/:jobId/cancel: only a waiting job. */
export const cancelJob =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const { jobId, state } = await findJob(context, req)
    if (state !== 'Submitted' && state !== 'Pause') {
      throw new Fault('Conflict', `Job ${jobId} is ${state}; only a waiting job can be cancelled.`)
    }
    const job = await cancelRow(context.db, jobId)
    await withdrawJob(context, jobId)
    sendJson(res, 200, jobBody(job, await listDeliveries(context.db, jobId)))
  }
