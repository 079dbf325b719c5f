import type { JobView } from '@kinoprint/contract'
import type { Job } from '@kinoprint/store'

/** A job's row as the compatible API shows it. */
export const jobView = (job: Job): JobView => ({
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
