import * as store from '@kinoprint/store'
import { jobSummary } from '../job-bodies.ts'
import type { StreamEvent } from './event-log.ts'

/** Jobs that one poll sends in full. */
const JOBS_MAX = 100
/** Jobs and match events that are remembered, to recognise what was sent. */
const KNOWN_MAX = 5_000

/** Returns what has changed since the last call. The first call returns nothing. */
export type ChangeReader = () => Promise<readonly StreamEvent[]>

/** Reads changes of jobs: `job` for each, and `jobs` with counts after any. */
export function createJobReader(db: store.Database): ChangeReader {
  const known = new Map<string, string>()
  let lastSeq: number | null = null
  let readAtMs = performance.now()
  return async () => {
    const isFirst = lastSeq === null
    const startMs = performance.now()
    const { marks, lastSeq: last } = await store.readJobMarks(db, {
      afterSeq: lastSeq,
      seconds: (startMs - readAtMs) / 1000,
    })
    const changed = marks.filter(({ jobId, ...mark }) => known.get(jobId) !== JSON.stringify(mark))
    const remember = (): void => {
      readAtMs = startMs
      lastSeq = last
      for (const { jobId, ...mark } of changed) keep(known, jobId, JSON.stringify(mark))
    }
    if (isFirst || changed.length === 0) {
      remember()
      return []
    }
    const sent = changed.sort((a, b) => b.seq - a.seq).slice(0, JOBS_MAX)
    const heads = await store.getJobHeads(
      db,
      sent.map(({ jobId }) => jobId),
    )
    const counts = { ...(await store.countOpenJobs(db)), omitted: changed.length - sent.length }
    // Not before everything is read: after a failure the next call returns the same changes.
    remember()
    return [
      ...heads.map((job) => ({ topic: 'jobs' as const, name: 'job', data: jobSummary(job) })),
      { topic: 'jobs', name: 'jobs', data: counts },
    ]
  }
}

/** Reads what happened to matches: `match` for each, and `matches` with the number of open ones. */
export function createMatchReader(db: store.Database): ChangeReader {
  const known = new Map<string, string>()
  let lastEvent: number | null = null
  return async () => {
    const isFirst = lastEvent === null
    const { marks, lastEvent: last } = await store.readMatchMarks(db, lastEvent)
    const fresh = marks.filter(({ eventId }) => !known.has(String(eventId)))
    const remember = (): void => {
      lastEvent = last
      for (const { eventId } of fresh) keep(known, String(eventId), '')
    }
    if (isFirst || fresh.length === 0) {
      remember()
      return []
    }
    const byMatch = new Map(fresh.map(({ eventId: _, ...match }) => [match.matchId, match]))
    const sent = [...byMatch.values()].slice(0, JOBS_MAX)
    const counts = { open: await store.countUndecidedMatches(db), omitted: byMatch.size - sent.length }
    remember()
    return [
      ...sent.map((data) => ({ topic: 'matches' as const, name: 'match', data })),
      { topic: 'matches', name: 'matches', data: counts },
    ]
  }
}

/** Reads changes of queues: `queue` for each. */
export function createQueueReader(db: store.Database): ChangeReader {
  const known = new Map<string, string>()
  let isFirst = true
  return async () => {
    const marks = await store.readQueueMarks(db)
    const changed = marks.filter(({ queueId, updatedAt }) => isNew(known, queueId, updatedAt.toISOString()))
    if (isFirst) {
      isFirst = false
      return []
    }
    return changed.map(({ queueId }) => ({ topic: 'queues' as const, name: 'queue', data: { queueId } }))
  }
}

/** Reads which workers are there and what they run: `worker` for each change. */
export function createWorkerReader(db: store.Database): ChangeReader {
  const known = new Map<string, string>()
  let isFirst = true
  return async () => {
    const marks = await store.readWorkerMarks(db)
    const changed = marks.filter(({ workerId, mark }) => isNew(known, workerId, mark))
    if (isFirst) {
      isFirst = false
      return []
    }
    return changed.map(({ workerId }) => ({ topic: 'workers' as const, name: 'worker', data: { workerId } }))
  }
}

/** Records a value and says whether it is another than before. */
function isNew(known: Map<string, string>, key: string, value: string): boolean {
  if (known.get(key) === value) return false
  keep(known, key, value)
  return true
}

/** Records a value. Forgets the oldest. */
function keep(known: Map<string, string>, key: string, value: string): void {
  known.delete(key)
  known.set(key, value)
  const [oldest] = known.keys()
  if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
}
