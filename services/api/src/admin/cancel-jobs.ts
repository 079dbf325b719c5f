import { cancelJobsSchema, parseAdmin } from '@kinoprint/contract'
import { cancelJobs as cancelRows } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { readJsonBody } from './read-json-body.ts'

/** POST /admin/jobs/cancel `{bucket?, region?, queueId?, secretId?, dnaDbId?, states?}`: every job that fits. */
export const cancelJobs =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const filter = parseAdmin(cancelJobsSchema, await readJsonBody(req))
    sendJson(res, 200, { cancelled: await cancelRows(db, filter) })
  }
