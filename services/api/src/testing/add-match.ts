import { claimJob, completeJob, type Database, enqueueJob, type Findings } from '@kinoprint/store'
import { addVideo, DEFAULT_BUCKET } from './running-api.ts'

type NewMatch = {
  readonly dnaDbId: string
  /** Different queries make different matches. */
  readonly etag?: string
  /** Gzipped JSON; null for none. */
  readonly evidence?: Uint8Array | null
  readonly changes?: Partial<Findings['found'][number]>
}

/** Stores a video and runs a search that finds it, as a worker would. Returns the id of the match. */
export async function addMatch(
  db: Database,
  { dnaDbId, etag = '"query"', evidence = null, changes = {} }: NewMatch,
): Promise<{ readonly matchId: string; readonly jobId: string; readonly videoId: string }> {
  const { videoId } = await addVideo(db, { dnaDbId, object: 'film.mp4' })
  const query = { bucket: DEFAULT_BUCKET, object: 'upload.mp4' }
  const { jobId } = await enqueueJob(db, { ruleType: 'FindSimilarVideo', dnaDbId, region: 'local', ...query })
  const claimed = await claimJob(db, { jobId, workerId: 'test', leaseMs: 60_000 })
  if (claimed.kind !== 'run') throw new Error(`The job could not be claimed: ${claimed.kind}.`)
  const pair = { videoId, score: 0.9, similar: 90, audioSimilar: 0, queryCoverage: 0.5, refCoverage: 0.5 }
  const segment = { queryStart: 0, queryEnd: 5, refStart: 1, refEnd: 6, score: 0.9, kind: 'video' } as const
  const shown = { speed: 1, mirrored: false, reversed: false, turn: 0, queryBox: null, refBox: null } as const
  const rest = { part: 'whole', pictureScore: 0.9, soundScore: 0, weak: false } as const
  const found = {
    ...pair,
    segments: [{ ...segment, ...shown, ...rest }],
    verdict: 'report',
    evidence,
    ...changes,
  } as const
  await completeJob(db, claimed.fence, {
    videoId: 'dvquery',
    durationSeconds: 10,
    detections: [],
    findings: { query: { ...query, etag, width: 640, height: 360, hasAudio: true }, found: [found] },
  })
  const { rows } = await db.pool.query<{ matchId: string }>(
    'select match_id as "matchId" from match_jobs where job_id = $1',
    [jobId],
  )
  return { matchId: rows[0]?.matchId ?? '', jobId, videoId }
}
