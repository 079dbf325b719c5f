import type { RouteAnswer } from '@kinoprint/contract'
import { webhookIdOf } from '@kinoprint/runtime'
import type { Delivery, Detection, Job, JobAttempt, JobHead } from '@kinoprint/store'

type JobSummary = RouteAnswer<'listJobs'>['items'][number]

/** A job without its result and its deliveries. */
export function jobSummary(job: JobHead | Job): JobSummary {
  return {
    jobId: job.jobId,
    state: job.state,
    ruleType: job.ruleType,
    dnaDbId: job.dnaDbId,
    videoId: job.videoId,
    bucket: job.bucket,
    region: job.region,
    object: job.object,
    jobLevel: job.jobLevel,
    store: job.store,
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
  }
}

type JobParts = { readonly deliveries: readonly Delivery[]; readonly timeline: readonly JobAttempt[] }

export function jobBody(job: Job, { deliveries, timeline }: JobParts): RouteAnswer<'getJob'> {
  return {
    ...jobSummary(job),
    result:
      job.result === null
        ? null
        : {
            ...job.result,
            detections: job.result.detections.map((detection) => ({
              ...detection,
              segments: detection.segments.map(segmentBody),
              matchId: detection.matchId ?? null,
            })),
            stored: job.result.stored ?? null,
            partial: (job.result.missingShards ?? []).length > 0,
            missingShards: job.result.missingShards ?? [],
            truncated: job.result.truncated ?? null,
          },
    deliveries: deliveries.map(deliveryBody),
    timeline: timeline.map(attemptBody),
  }
}

function attemptBody({
  startedAt,
  endedAt,
  stages,
  ...attempt
}: JobAttempt): RouteAnswer<'getJob'>['timeline'][number] {
  const after = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000).toISOString()
  return {
    ...attempt,
    startedAt: startedAt.toISOString(),
    endedAt: timeOf(endedAt),
    stages: stages.map(({ stage, seconds }) => ({ stage, startedAt: after(seconds) })),
  }
}

export function deliveryBody({
  body: _body,
  jobId: _job,
  matchEventId: _event,
  libraryEventId: _libraryEvent,
  tenant: _tenant,
  host: _host,
  attemptLog,
  ...delivery
}: Delivery): RouteAnswer<'resendDelivery'> {
  return {
    ...delivery,
    webhookId: webhookIdOf(delivery),
    nextAt: timeOf(delivery.nextAt),
    tries: attemptLog,
    createdAt: delivery.createdAt.toISOString(),
    endedAt: timeOf(delivery.endedAt),
  }
}

type Segment = Detection['segments'][number]

type OlderFields =
  | 'reversed'
  | 'turn'
  | 'queryBox'
  | 'refBox'
  | 'part'
  | 'pictureScore'
  | 'soundScore'
  | 'weak'

/** A segment as it is stored: those of older versions lack some fields. */
type StoredSegment = Omit<Segment, OlderFields> & Partial<Pick<Segment, OlderFields>>

type SegmentBody = NonNullable<RouteAnswer<'getJob'>['result']>['detections'][number]['segments'][number]

function segmentBody({
  reversed = false,
  turn = 0,
  queryBox = null,
  refBox = null,
  part = partOf(queryBox !== null, refBox !== null),
  pictureScore,
  soundScore,
  weak = false,
  ...segment
}: StoredSegment): SegmentBody {
  const scores = { pictureScore: pictureScore ?? null, soundScore: soundScore ?? null }
  return { ...segment, reversed, turn, queryBox, refBox, part, ...scores, weak }
}

/** Whose frame matches only in part. */
function partOf(ofQuery: boolean, ofReference: boolean): Segment['part'] {
  if (ofQuery) return ofReference ? 'both' : 'query'
  return ofReference ? 'reference' : 'whole'
}

function timeOf(date: Date | null): string | null {
  return date?.toISOString() ?? null
}

function secondsBetween(from: Date | null, to: Date | null): number | null {
  return from === null || to === null ? null : Math.max(0, (to.getTime() - from.getTime()) / 1000)
}
