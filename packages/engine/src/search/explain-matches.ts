import { loadFingerprints } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchedQuery } from '../threads/tasks.ts'
import type { JudgedMatch } from './judge-matches.ts'

/** Pairs of one search whose evidence is kept, best first. Their alignment has cost more. */
const MAX_EXPLAINED = 50
/** Number of stored fingerprints in memory at a time. */
const BATCH_SIZE = 8

type Explained = {
  readonly dnaDbId: string
  readonly query: SearchedQuery
  readonly judged: readonly JudgedMatch[]
}

/** Collects the evidence of the pairs that a search keeps, by VideoId: gzipped JSON. Pairs beyond the best 50 have none. */
export async function explainMatches(
  { db, pool }: Pick<WorkContext, 'db' | 'pool'>,
  { dnaDbId, query, judged }: Explained,
  { signal }: Pick<WorkOptions, 'signal'>,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  const explained = judged.slice(0, MAX_EXPLAINED)
  for (let start = 0; start < explained.length; start += BATCH_SIZE) {
    signal.throwIfAborted()
    const batch = explained.slice(start, start + BATCH_SIZE)
    const videoIds = batch.map(({ detection }) => detection.videoId)
    const stored = await loadFingerprints(db, { dnaDbId, videoIds })
    const references = batch.flatMap(({ detection: { videoId, segments }, failed }) => {
      const data = stored.get(videoId)?.data
      return data === undefined ? [] : [{ videoId, data, segments, failed }]
    })
    for (const { videoId, evidence } of await pool.run('evidence', { query, references }, { signal }))
      found.set(videoId, evidence)
  }
  return found
}
