import type { Log } from '@kinoprint/core'
import { logFailure, type Stage, type StageProgress, stages } from '@kinoprint/engine'
import { type Database, heartbeat, type JobFence, type StageStart, saveJobStages } from '@kinoprint/store'
import type { StageTime } from './observe-attempt.ts'

const INTERVAL_MS = 2_000
/** Stages that are recorded of one attempt. */
const MAX_STAGES = 20

/** Share of a job's time that usually passes before each stage, 0..1. Used only for the progress bar. */
const stageStart: Record<Stage, number> = {
  fetch: 0,
  fingerprint: 0.02,
  candidates: 0.8,
  match: 0.85,
  store: 0.9,
}
const order: readonly Stage[] = [...stages].sort((a, b) => stageStart[a] - stageStart[b])

/** Progress of the whole job, 0..0.99. It becomes 1 when the job ends. */
export function overallProgress(stage: Stage, fraction: number): number {
  const start = stageStart[stage]
  const next = order[order.indexOf(stage) + 1]
  const end = next === undefined ? 0.99 : stageStart[next]
  return start + (end - start) * Math.min(1, Math.max(0, fraction))
}

export type LeaseHeartbeat = {
  readonly onProgress: StageProgress
  /** Aborted when the job is cancelled or another worker takes it over. */
  readonly lost: AbortSignal
  stop(): void
  /** The stages so far; in the order in which they began, the same stage more than once if it returned. */
  stageTimes(): readonly StageTime[]
  /** Writes the stages that no heartbeat has written. Only logs a failure, because the job has ended. */
  saveStages(): Promise<void>
}

/** Renews the lease of a running job and saves its progress until stopped. */
export function startLeaseHeartbeat(
  db: Database,
  fence: JobFence,
  { leaseMs, log }: { leaseMs: number; log: Log },
): LeaseHeartbeat {
  const lost = new AbortController()
  let progress = 0
  let stage: Stage = 'fetch'
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const startMs = performance.now()
  let lastRenewalMs = startMs
  const stages: (StageStart & { readonly stage: Stage })[] = []
  let saved = 0
  const secondsSinceStart = (): number => Math.round(performance.now() - startMs) / 1000

  const renew = async (): Promise<void> => {
    try {
      const { length } = stages
      const added = length > saved ? stages : undefined
      const isHeld = await heartbeat(db, fence, { progress, stage, stages: added, leaseMs })
      saved = length
      lastRenewalMs = performance.now()
      if (!isHeld && !stopped) lost.abort()
    } catch (error) {
      // One missed renewal does no harm. After a whole lease another worker may have claimed the job, so stop.
      const fields = { jobId: fence.jobId }
      logFailure(log, error, { message: 'Could not renew the lease of a running job', fields })
      if (performance.now() - lastRenewalMs > leaseMs) lost.abort()
    }
    if (!stopped) timer = setTimeout(renew, INTERVAL_MS)
  }
  timer = setTimeout(renew, INTERVAL_MS)

  return {
    lost: lost.signal,
    onProgress: (nextStage, fraction) => {
      stage = nextStage
      if (stages.at(-1)?.stage !== nextStage && stages.length < MAX_STAGES) {
        stages.push({ stage: nextStage, seconds: secondsSinceStart() })
      }
      progress = Math.max(progress, overallProgress(nextStage, fraction))
    },
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
    stageTimes: () => {
      const ends = [...stages.slice(1).map(({ seconds }) => seconds), secondsSinceStart()]
      return stages.map(({ stage, seconds }, i) => ({
        stage,
        from: seconds,
        seconds: Math.max(0, (ends[i] ?? seconds) - seconds),
      }))
    },
    saveStages: async () => {
      if (stages.length === saved) return
      await saveJobStages(db, fence, stages).catch((error: unknown) => {
        const fields = { jobId: fence.jobId }
        logFailure(log, error, { message: 'Could not save the stages of a job', fields })
      })
    },
  }
}
