import type { Candidate, CandidateHit, PairMatch } from '@kinoprint/dna'
import { type Detection, findCandidates, loadFingerprints } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { FileFingerprint } from '../threads/tasks.ts'

/** Rows that the index gives for one probe; a passage that a library holds oftener is found through its other probes. */
const HITS_PER_PROBE = 40
/** Stored videos that are looked at more closely, best candidates first; of those that hardly anything speaks for, fewer. */
const CANDIDATES_MAX = 100
const DOUBTFUL_MAX = 6
/** Fingerprints in memory at a time: a half-hour one is about 1 MB. */
const BATCH = 8
const UNREADABLE =
  'Left a video out of a search: its stored fingerprint cannot be read. Store the video again'

/** A pair of videos with matching passages; `accepted` says whether a job reports it. */
export type Found = Detection & { readonly accepted: boolean }

/** A video to align with, and where in it something alike may lie. */
export type Suspect = Pick<Candidate, 'videoId'> & Partial<Candidate>

/** What is asked with: of a file also the views that are not stored, of a stored video what is stored. */
export type SearchQuery = Pick<FileFingerprint, 'data' | 'probes'> &
  Partial<Pick<FileFingerprint, 'queryData'>>

export type Searched = {
  readonly dnaDbId: string
  readonly query: SearchQuery
  /** Whether to name the likeliest place in each candidate even where nothing is proven. */
  readonly leads?: boolean
}

/**
 * Everything in a library that resembles a fingerprint, most certain first. Weaker pairs are among it, marked
 * as not accepted.
 */
export const searchLibrary = async (
  context: Pick<WorkContext, 'db' | 'pool' | 'log'>,
  searched: Searched,
  options: WorkOptions,
): Promise<Found[]> => {
  const { candidates } = await candidatesFor(context, searched, options)
  return alignWith(context, { ...searched, candidates }, options)
}

/**
 * What the index knows that resembles a query, and the videos worth an alignment, likeliest first. In a large library a
 * query for which nothing sure is found is looked for in further places.
 */
export const candidatesFor = async (
  { db, pool }: Pick<WorkContext, 'db' | 'pool'>,
  { dnaDbId, query }: Searched,
  { signal, report }: WorkOptions,
): Promise<{ hits: CandidateHit[]; candidates: Candidate[] }> => {
  report('candidates', 0)
  const search = { dnaDbId, ...query.probes, perHash: HITS_PER_PROBE, signal }
  const limits = { limit: CANDIDATES_MAX, doubtful: DOUBTFUL_MAX }
  const likely = await findCandidates(db, search)
  const candidates = await pool.run<'rank'>({ kind: 'rank', hits: likely, ...limits }, { signal })
  if (candidates.some(({ isSure }) => isSure)) return { hits: likely, candidates }
  const further = await findCandidates(db, { ...search, further: true })
  if (further.length === 0) return { hits: likely, candidates }
  const hits = [...likely, ...further]
  return { hits, candidates: await pool.run<'rank'>({ kind: 'rank', hits, ...limits }, { signal }) }
}

/**
 * Aligns a query with these videos of a library; those of which places are named only if something alike is found
 * there, unless leads are wanted.
 */
export const alignWith = async (
  { db, pool, log }: Pick<WorkContext, 'db' | 'pool' | 'log'>,
  { dnaDbId, query, leads = false, candidates }: Searched & { readonly candidates: readonly Suspect[] },
  { signal, report }: WorkOptions,
): Promise<Found[]> => {
  const asked = query.queryData ?? query.data
  const found: Found[] = []
  const placesOf = new Map(candidates.map(({ videoId, places }) => [videoId, places]))
  const videoIds = [...placesOf.keys()]
  for (let at = 0; at < videoIds.length; at += BATCH) {
    signal.throwIfAborted()
    report('match', at / videoIds.length)
    const stored = await loadFingerprints(db, { dnaDbId, videoIds: videoIds.slice(at, at + BATCH) })
    const references = [...stored].map(([videoId, { data }]) => ({
      videoId,
      data,
      places: leads ? undefined : placesOf.get(videoId),
    }))
    const matches = await pool.run<'match'>({ kind: 'match', query: asked, references, leads }, { signal })
    for (const match of matches) {
      const { videoId } = match
      const video = stored.get(videoId)
      if (match.match === null) log.warn({ dnaDbId, videoId }, UNREADABLE)
      else if (video !== undefined && match.match.segments.length > 0) {
        found.push(foundOf(videoId, match.match, video))
      }
    }
  }
  return found.sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
}

const foundOf = (
  videoId: string,
  match: PairMatch,
  { object, durationSeconds }: { object: string; durationSeconds: number },
): Found => ({
  videoId,
  object,
  durationSeconds,
  score: match.score,
  similar: match.similar,
  audioSimilar: match.audioSimilar,
  queryCoverage: match.queryCoverage,
  refCoverage: match.refCoverage,
  segments: [...match.segments],
  accepted: match.accepted,
})

/** What a job reports of it: accepted pairs, less those that a library's `minSimilar` (0..100) hides. */
export const reportable = (found: readonly Found[], { minSimilar }: { minSimilar: number }): Detection[] =>
  found
    .filter((one) => one.accepted && (one.similar >= minSimilar || one.audioSimilar >= minSimilar))
    .map(({ accepted: _, ...detection }) => detection)
