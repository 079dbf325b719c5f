import type { Log } from '@kinoprint/core'
import { type Report, type Stage, stages } from '@kinoprint/engine'
import { type Database, heartbeat, type JobFence } from '@kinoprint/store'
import { warnOf } from './warn-of.ts'

const BEAT_MS = 2_000

/** Share of a job's time that usually lies before each stage, 0..1; only the progress bar depends on it. */
const stageStart: Record<Stage, number> = {
  fetch: 0,
  fingerprint: 0.02,
  candidates: 0.8,
  match: 0.85,
  store: 0.9,
}
const order: readonly Stage[] = [...stages].sort((a, b) => stageStart[a] - stageStart[b])

/** Progress of the whole job: never goes back, and is 1 only when the job has ended. */
export const overallProgress = (stage: Stage, fraction: number): number => {
  const start = stageStart[stage]
  const next = order[order.indexOf(stage) + 1]
  const end = next === undefined ? 0.99 : stageStart[next]
  return start + (end - start) * Math.min(1, Math.max(0, fraction))
}

export type Heart = {
  readonly report: Report
  /** Aborted when the job was cancelled, or another worker holds it by now. */
  readonly lost: AbortSignal
  stop(): void
}

/** Keeps a running job's lease alive and its progress fresh, one beat at a time. */
export const startHeart = (
  db: Database,
  fence: JobFence,
  { leaseMs, log }: { leaseMs: number; log: Log },
): Heart => {
  const lost = new AbortController()
  let progress = 0
  let stage: Stage = 'fetch'
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let lastBeat = performance.now()

  const beat = async (): Promise<void> => {
    try {
      const alive = await heartbeat(db, fence, { progress, stage, leaseMs })
      lastBeat = performance.now()
      if (!alive && !stopped) lost.abort()
    } catch (error) {
      // One missed beat does no harm. After a whole lease another worker may have the job: stop working on it.
      warnOf(log, error, 'A heartbeat of a running job failed', { jobId: fence.jobId })
      if (performance.now() - lastBeat > leaseMs) lost.abort()
    }
    if (!stopped) timer = setTimeout(beat, BEAT_MS)
  }
  timer = setTimeout(beat, BEAT_MS)

  return {
    lost: lost.signal,
    report: (nextStage, fraction) => {
      stage = nextStage
      progress = Math.max(progress, overallProgress(nextStage, fraction))
    },
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
