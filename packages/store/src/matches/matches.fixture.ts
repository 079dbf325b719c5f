import { sampleSegment } from '../../../dna/testing/sample-segment.ts'
import type { Database } from '../database.ts'
import { completeJob } from '../jobs/finish-job.ts'
import type { JobResult } from '../jobs/job.ts'
import { getJobs } from '../jobs/read-jobs.ts'
import { claim, newJob } from '../samples.fixture.ts'
import type { Finding } from './findings.ts'
import type { Passage } from './passage.ts'

/** A passage of picture and sound at speed 1. */
export function passage(queryStart: number, seconds: number, changes: Partial<Passage> = {}): Passage {
  const { refStart = queryStart + 100 } = changes
  const [queryEnd, refEnd] = [queryStart + seconds, refStart + seconds]
  return sampleSegment({ queryStart, queryEnd, refStart, refEnd, ...changes })
}

export function finding(
  videoId: string,
  { segments = [passage(0, 10)], ...changes }: Partial<Finding> = {},
): Finding {
  return {
    videoId,
    score: 0.9,
    similar: 90,
    audioSimilar: 80,
    queryCoverage: 0.5,
    refCoverage: 0.1,
    segments,
    verdict: 'report',
    ...changes,
  }
}

export type Search = {
  readonly dnaDbId: string
  readonly object?: string
  readonly etag?: string
  readonly found: readonly Finding[]
}

/** Runs a search job to its end with these findings. Returns its id and its result. */
export async function search(
  db: Database,
  { dnaDbId, object = 'upload.mp4', etag = '"query"', found }: Search,
): Promise<{ readonly jobId: string; readonly result: JobResult | null }> {
  const { jobId, bucket } = await newJob(db, dnaDbId, { ruleType: 'FindSimilarVideo', object })
  const query = { bucket, object, etag, width: 640, height: 360, hasAudio: true }
  const detections = found
    .filter(({ verdict }) => verdict === 'report')
    .map(({ verdict: _, ...detection }) => ({ ...detection, object: 'a.mp4', durationSeconds: 10.5 }))
  await completeJob(db, await claim(db, jobId), {
    videoId: 'dvquery',
    durationSeconds: 20,
    detections,
    findings: { query, found },
  })
  const [job] = await getJobs(db, [jobId])
  return { jobId, result: job?.result ?? null }
}
