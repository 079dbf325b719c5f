import { claimJob, completeJob, type Database, enqueueJob, getJobs, type Job } from '@kinoprint/store'
import { sampleSegment } from '../../../../packages/dna/testing/sample-segment.ts'
import { DEFAULT_BUCKET } from './running-api.ts'

type Passage = Parameters<typeof completeJob>[2]['detections'][number]['segments'][number]

/** A passage of picture and sound at speed 1, 100 s later in the reference. */
export function passage(queryStart: number, seconds: number, changes: Partial<Passage> = {}): Passage {
  const [queryEnd, refStart] = [queryStart + seconds, queryStart + 100]
  return sampleSegment({ queryStart, queryEnd, refStart, refEnd: refStart + seconds, ...changes })
}

export type Searched = {
  readonly dnaDbId: string
  /** The stored video that the search finds. */
  readonly videoId: string
  readonly object?: string
  readonly score?: number
  /** Frame rate of the query. */
  readonly fps?: number | null
  readonly segments?: readonly Passage[]
  readonly verdict?: 'report' | 'review' | 'near'
}

/** Runs a search that finds a stored video, without decoding anything. Returns its job and the id of the match. */
export async function searchMatch(
  db: Database,
  {
    dnaDbId,
    videoId,
    object = 'clip.mp4',
    score = 0.9,
    fps,
    segments = [passage(0, 10)],
    verdict = 'report',
  }: Searched,
): Promise<{ readonly job: Job; readonly matchId: string }> {
  const job = {
    ruleType: 'FindSimilarVideo',
    dnaDbId,
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object,
  } as const
  const { jobId } = await enqueueJob(db, job)
  const claimed = await claimJob(db, { jobId, workerId: 'test', leaseMs: 60_000 })
  if (claimed.kind !== 'run') throw new Error('The job was not claimed.')
  const similarity = { score, similar: 90, audioSimilar: 80, queryCoverage: 0.5, refCoverage: 0.1 }
  const found = { videoId, ...similarity, segments }
  const detections = verdict === 'report' ? [{ ...found, object: 'a.mp4', durationSeconds: 10 }] : []
  const query = {
    bucket: DEFAULT_BUCKET,
    object,
    etag: `"${object}"`,
    width: 640,
    height: 360,
    hasAudio: true,
    fps,
  }
  await completeJob(db, claimed.fence, {
    videoId: 'dv0',
    durationSeconds: 20,
    detections,
    findings: { query, found: [{ ...found, verdict }] },
  })
  const [ended] = await getJobs(db, [jobId])
  const { rows } = await db.pool.query<{ id: string }>(
    'select match_id as id from match_jobs where job_id = $1',
    [jobId],
  )
  if (ended === undefined || rows[0] === undefined) throw new Error('The search recorded no match.')
  return { job: ended, matchId: rows[0].id }
}
