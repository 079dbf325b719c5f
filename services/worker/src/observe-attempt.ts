import { inSpan, type JobOrigin, type OpenSpan, recordSpan, withLogFields } from '@kinoprint/core'
import { observeTasks, type Stage } from '@kinoprint/engine'
import type { Job } from '@kinoprint/store'
import type { WorkerMetrics } from './worker-metrics.ts'

/** A stage of the metrics: `fingerprint` is divided into its parts. */
export type MeasuredStage = Exclude<Stage, 'fingerprint'> | 'probe' | 'decode' | 'hash'

/** A stage of an attempt, in seconds since it began. */
export type StageTime = { readonly stage: Stage; readonly from: number; readonly seconds: number }

type Attempt = {
  readonly job: Job
  readonly origin: JobOrigin
  readonly workerId: string
  readonly metrics: WorkerMetrics
  /** The stages so far, in order. */
  readonly stages: () => readonly StageTime[]
}

/**
 * Runs an attempt at a job as a span in the trace of the request that submitted it, with the ids of both in each log line.
 * At its end, its stages are counted.
 */
export function observeAttempt<T>(attempt: Attempt, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  const { job, origin, workerId, metrics, stages } = attempt
  const { jobId, ruleType, dnaDbId, attempts, jobLevel } = job
  const parent = origin.traceParent
  if (parent !== null && attempts === 1) recordQueueWait(job, parent)
  const attributes = {
    'kinoprint.job_id': jobId,
    'kinoprint.rule': ruleType,
    'kinoprint.library': dnaDbId,
    'kinoprint.level': jobLevel,
    'kinoprint.attempt': attempts,
    'kinoprint.worker_id': workerId,
  }
  const start = { name: `job ${ruleType}`, kind: 'consumer', parent, attributes } as const
  const measured = { probe: 0, hash: 0 }
  const run = (span: OpenSpan): Promise<T> =>
    observeTasks(
      ({ decoding }) => {
        measured.probe += decoding?.probe ?? 0
        measured.hash += decoding?.hash ?? 0
      },
      async () => {
        const startedAt = Date.now()
        try {
          return await work(span)
        } finally {
          for (const end of divideStages(stages(), measured)) metrics.stageEnded?.({ ruleType, ...end })
          for (const { stage, from, seconds } of stages())
            recordSpan({
              name: `stage ${stage}`,
              startedAt: startedAt + 1000 * from,
              endedAt: startedAt + 1000 * (from + seconds),
            })
        }
      },
    )
  const { requestId } = origin
  return withLogFields({ jobId, ...(requestId !== null && { requestId }) }, () => inSpan(start, run))
}

function recordQueueWait({ createdAt, jobLevel }: Job, parent: string): void {
  const endedAt = Date.now()
  // The clocks of the database and of this machine may differ.
  const startedAt = Math.min(createdAt.getTime(), endedAt)
  recordSpan({
    name: 'queue wait',
    parent,
    startedAt,
    endedAt,
    attributes: { 'kinoprint.level': jobLevel },
  })
}

/** Stages with `fingerprint` divided. What was not measured of it, such as in a thread that died, counts as decoding. */
export function divideStages(
  stages: readonly StageTime[],
  measured: { readonly probe: number; readonly hash: number },
): { readonly stage: MeasuredStage; readonly seconds: number }[] {
  const divided: { stage: MeasuredStage; seconds: number }[] = []
  let fingerprint: number | null = null
  for (const { stage, seconds } of stages) {
    if (stage === 'fingerprint') fingerprint = (fingerprint ?? 0) + seconds
    else divided.push({ stage, seconds })
  }
  if (fingerprint === null) return divided
  const probe = Math.min(fingerprint, measured.probe)
  const hash = Math.min(fingerprint - probe, measured.hash)
  const decode = fingerprint - probe - hash
  return [
    ...divided,
    { stage: 'probe', seconds: probe },
    { stage: 'decode', seconds: decode },
    { stage: 'hash', seconds: hash },
  ]
}
