import type { Database, Queryable } from '../database.ts'
import type { Detection } from '../jobs/job.ts'
import type { Findings } from '../matches/findings.ts'
import { markIgnored } from './mark-ignored.ts'
import { readIgnoredRanges } from './read-ranges.ts'
import { trimDetection } from './trim-detection.ts'

type SearchEnd = {
  readonly dnaDbId: string
  /** Length of the query in decimal seconds. */
  readonly durationSeconds: number
  readonly detections: readonly Detection[]
  readonly findings: Findings
}

/** What a search would report if it ended now: its detections without ignored passages. */
export async function withoutIgnored(db: Database, search: SearchEnd): Promise<readonly Detection[]> {
  return (await hideIgnored(db.pool, search)).detections
}

/**
 * Takes ignored passages out of what a search reports, and marks them in what it records. Call it in the transaction
 * that ends the search: an ignored passage that is made meanwhile waits for it.
 */
export async function hideIgnored(
  client: Queryable,
  { dnaDbId, durationSeconds, detections, findings }: SearchEnd,
): Promise<Pick<SearchEnd, 'detections' | 'findings'>> {
  const { query, found } = findings
  const { rows } = await client.query<{ videoId: string; etag: string }>(
    `with library as (select number from libraries where dna_db_id = $1 for share)
     select v.video_id as "videoId", v.etag from videos v join library l on l.number = v.library_number
     where v.video_id = any($2)`,
    [dnaDbId, found.map(({ videoId }) => videoId)],
  )
  const etagOf = new Map(rows.map(({ videoId, etag }) => [videoId, etag]))
  const etags = [...new Set([query.etag, ...etagOf.values()])]
  const byEtag = await readIgnoredRanges(client, { dnaDbId, etags, confirmedWith: query.etag })
  if (byEtag.size === 0) return { detections, findings }
  const pairs = found.map(({ segments, ...finding }) => ({
    ...finding,
    etag: etagOf.get(finding.videoId) ?? '',
    passages: segments,
    isProven: finding.verdict !== 'near',
  }))
  const marked = markIgnored(pairs, { byEtag, queryEtag: query.etag }).map(
    ({ etag: _, isProven: __, passages, ...finding }) => ({
      ...finding,
      segments: passages,
    }),
  )
  const passagesOf = new Map(marked.map(({ videoId, segments }) => [videoId, segments]))
  return {
    findings: { query, found: marked },
    detections: detections.flatMap((detection) => {
      const passages = passagesOf.get(detection.videoId) ?? []
      const left = trimDetection(detection, passages, { queryDuration: durationSeconds })
      return left === null ? [] : [left]
    }),
  }
}
