import { Fault } from '@kinoprint/core'
import { getJobHeads, getJobs, type Job, type JobHead } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'

/** The job that the path names, or the answer 404. */
export const findJob = async ({ db }: ApiContext, req: Request): Promise<Job> => {
  const jobId = String(req.params.jobId)
  const [job] = await getJobs(db, [jobId])
  return job ?? missing(jobId)
}

/** The same without its result. */
export const findJobHead = async ({ db }: ApiContext, req: Request): Promise<JobHead> => {
  const jobId = String(req.params.jobId)
  const [job] = await getJobHeads(db, [jobId])
  return job ?? missing(jobId)
}

const missing = (jobId: string): never => {
  throw new Fault('NotFound', `There is no job ${jobId}.`)
}
