import { Fault } from '@kinoprint/contract'
import { getJobs, type Job } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'

/** The job that the path names, or the answer 404. */
export const findJob = async ({ db }: ApiContext, req: Request): Promise<Job> => {
  const jobId = String(req.params.jobId)
  const [job] = await getJobs(db, [jobId])
  if (!job) throw new Fault('NotFound', `There is no job ${jobId}.`)
  return job
}
