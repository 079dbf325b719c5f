import type { JobView } from './job-view.ts'

/** A job as its row has it: the same facts, not yet in the groups in which the XML shows them. */
type FlatJob = Omit<JobView, 'input' | 'dnaConfig'> & {
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly dnaDbId: string
  readonly ruleType: JobView['dnaConfig']['ruleType']
  readonly videoId: string | null
}

/** The view of a job, for answers and callbacks alike. */
export const jobViewOf = (job: FlatJob): JobView => ({
  jobId: job.jobId,
  state: job.state,
  code: job.code,
  message: job.message,
  progress: job.progress,
  createdAt: job.createdAt,
  startedAt: job.startedAt,
  endedAt: job.endedAt,
  queueId: job.queueId,
  input: { bucketId: job.bucket, region: job.region, object: job.object },
  dnaConfig: { dnaDbId: job.dnaDbId, ruleType: job.ruleType, videoId: job.videoId },
  userData: job.userData,
  jobLevel: job.jobLevel,
  result: job.result,
})
