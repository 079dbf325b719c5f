import { listDeliveries } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { findJob } from './find-job.ts'
import { jobBody } from './job-body.ts'

/** GET /admin/jobs/:jobId */
export const getJob =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const job = await findJob(context, req)
    sendJson(res, 200, jobBody(job, await listDeliveries(context.db, job.jobId)))
  }
