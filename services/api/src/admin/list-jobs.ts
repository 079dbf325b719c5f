import { adminJobsQuerySchema, parseAdmin } from '@kinoprint/contract'
import { adminListJobs } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { jobSummary } from './job-body.ts'
import { queryOf } from './query-of.ts'

/** GET /admin/jobs?state=&ruleType=&dnaDbId=&object= */
export const listJobs =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const page = await adminListJobs(db, parseAdmin(adminJobsQuerySchema, queryOf(req)))
    sendJson(res, 200, { ...page, items: page.items.map(jobSummary) })
  }
