import type { DeliveryBody, JobBody, JobSummaryBody } from '@kinoprint/contract'
import type { Delivery, Detection, Job, JobHead } from '@kinoprint/store'

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null

const secondsBetween = (from: Date | null, to: Date | null): number | null =>
  from === null || to === null ? null : Math.max(0, (to.getTime() - from.getTime()) / 1000)

/** A job in a list: everything but its result and its deliveries. */
export const jobSummary = (job: JobHead | Job): JobSummaryBody => ({
  jobId: job.jobId,
  state: job.state,
  ruleType: job.ruleType,
  dnaDbId: job.dnaDbId,
  videoId: job.videoId,
  bucket: job.bucket,
  region: job.region,
  object: job.object,
  jobLevel: job.jobLevel,
  userData: job.userData,
  queueId: job.queueId,
  secretId: job.secretId,
  stage: job.stage,
  progress: job.progress,
  attempts: job.attempts,
  createdAt: job.createdAt.toISOString(),
  startedAt: timeOf(job.startedAt),
  endedAt: timeOf(job.endedAt),
  waitSeconds: secondsBetween(job.createdAt, job.startedAt),
  runSeconds: secondsBetween(job.startedAt, job.endedAt),
  error:
    job.code === null || job.state !== 'Failed'
      ? null
      : { code: job.code, message: job.message ?? '', cause: job.cause },
})

type Segment = Detection['segments'][number]

/** Results that were stored before a segment said whether it runs backwards or is turned lack both. */
const segmentBody = ({ reversed = false, turn = 0, ...segment }: Segment): Segment => ({
  ...segment,
  reversed,
  turn,
})

/** A job in full. */
export const jobBody = (job: Job, deliveries: readonly Delivery[]): JobBody => ({
  ...jobSummary(job),
  result:
    job.result === null
      ? null
      : {
          ...job.result,
          detections: job.result.detections.map((detection) => ({
            ...detection,
            segments: detection.segments.map(segmentBody),
          })),
          truncated: job.result.truncated ?? null,
        },
  deliveries: deliveries.map(deliveryBody),
})

export const deliveryBody = ({
  body: _sent,
  jobId: _job,
  tenant: _tenant,
  host: _host,
  ...delivery
}: Delivery): DeliveryBody => ({
  ...delivery,
  nextAt: timeOf(delivery.nextAt),
  tries: [...delivery.attemptLog],
  createdAt: delivery.createdAt.toISOString(),
  endedAt: timeOf(delivery.endedAt),
})
