import {
  detectionsOf,
  explainMatches,
  type JudgedMatch,
  judgeMatches,
  type LibraryMatch,
  logFailure,
  type SearchedQuery,
  type VideoFacts,
} from '@kinoprint/engine'
import { type Detection, type Findings, type Library, missingShards } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

/** A search that has compared everything. */
type EndedSearch = {
  readonly library: Library
  readonly content: { readonly bucket: string; readonly object: string; readonly etag: string }
  readonly facts: Pick<VideoFacts, 'width' | 'height' | 'hasAudio' | 'fps'>
  readonly query: SearchedQuery
  readonly matches: readonly LibraryMatch[]
}

/** What a job answers, and what it records for review: also pairs that it does not report. */
export type Conclusion = {
  readonly detections: Detection[]
  readonly findings: Findings
  /** Shards whose videos were not compared, because they were away. */
  readonly missingShards: readonly string[]
}

/** Judges the pairs of a search by the library's policy, and collects the evidence of those that are kept. */
export async function concludeSearch(
  context: JobContext,
  { library, content, facts, query, matches }: EndedSearch,
  claimed: ClaimedJob,
): Promise<Conclusion> {
  const judged = judgeMatches(matches, library)
  const evidence = await evidenceOf(context, { library, query, judged }, claimed)
  const { bucket, object, etag } = content
  const { width, height, hasAudio, fps } = facts
  return {
    detections: detectionsOf(judged),
    missingShards: missingShards(context.db),
    findings: {
      query: { bucket, object, etag, width, height, hasAudio, fps },
      found: judged.map(({ detection, verdict }) => ({
        ...detection,
        verdict,
        evidence: evidence.get(detection.videoId) ?? null,
      })),
    },
  }
}

/** A search without its evidence is still right, so a failure to collect it is only logged. */
async function evidenceOf(
  context: JobContext,
  {
    library: { dnaDbId },
    ...search
  }: Pick<EndedSearch, 'library' | 'query'> & { judged: readonly JudgedMatch[] },
  { job: { jobId }, signal }: ClaimedJob,
): Promise<Map<string, Uint8Array>> {
  try {
    return await explainMatches(context, { dnaDbId, ...search }, { signal })
  } catch (error) {
    if (signal.aborted) throw error
    logFailure(context.log, error, { message: 'Could not collect evidence of a search', fields: { jobId } })
    return new Map()
  }
}
