import {
  type Candidate,
  type Fingerprint,
  isStill,
  type MatchWithPictures,
  type QueryRange,
} from '@kinoprint/dna'
import { type Detection, type LoadedFingerprint, loadFingerprints } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { candidatesOfLargeLibrary } from './large-library.ts'
import { type LookupReach, lookUpCandidates } from './look-up-candidates.ts'
import { candidatesOfRarerEdits } from './rarer-edits.ts'
import { candidatesOfSmallLibrary } from './small-library.ts'

/** A still has one frame, so all of its candidates are weak. Comparing one takes milliseconds. */
const MAX_WEAK_STILL = 80
/** Number of stored fingerprints in memory at a time. Half an hour of video takes about 1 MB. */
const BATCH_SIZE = 8

/** A stored video that shares passages with the query. A job reports it only if it is `accepted`. */
export type LibraryMatch = Detection & {
  readonly accepted: boolean
  /** The ranges of the query that pictures prove. Sound may extend a segment beyond its range. */
  readonly pictures: readonly QueryRange[]
}

/** A video to align with. Without seeds, the whole of it is aligned. */
export type CandidateVideo = Pick<Candidate, 'videoId'> & Partial<Pick<Candidate, 'seeds'>>

export type LibrarySearch = {
  readonly dnaDbId: string
  readonly query: SearchQuery
  /** Whether to include the likeliest alignment with a candidate if none is proven. */
  readonly includeWeak?: boolean
  /** How far the lookup reaches. Default: 40 index rows of each hash, and 100 candidates. */
  readonly reach?: LookupReach | undefined
  /** VideoId of a stored video that is not searched: the query itself. */
  readonly except?: string | undefined
  /**
   * Whether only the hashes of frames and audio name candidates. Default: if they name none, a small library is compared as a
   * whole, and keypoints and landmarks name candidates in a larger one.
   */
  readonly byIndexOnly?: boolean
}

type SearchContext = Pick<WorkContext, 'db' | 'pool' | 'log'>

/**
 * Returns every video of a library that shares passages with a query, best score first. Looks up candidates in the
 * index, then aligns the query with each. If no picture is found, a second lookup tries the hashes of rarer edits. Then a small
 * library is compared as a whole, and a larger one is searched by keypoints and landmarks.
 * Pairs that are too weak to report are included, with `accepted` false.
 */
export async function searchLibrary(
  context: SearchContext,
  { dnaDbId, query, includeWeak, reach, except, byIndexOnly = reach !== undefined }: LibrarySearch,
  options: WorkOptions,
): Promise<LibraryMatch[]> {
  const { hashes, fingerprint } = query
  const isPicture = isStill(fingerprint)
  const lookup = { dnaDbId, reach, except, ...(isPicture && { maxWeak: MAX_WEAK_STILL }) }
  const first = await lookUpCandidates(context, { ...lookup, hashes }, options)
  const request = { dnaDbId, fingerprint, includeWeak }
  const matches = await alignCandidates(context, { ...request, candidates: first.candidates }, options)
  const isFound = isFoundIn(query)
  if (isFound(matches)) return matches
  const rarer = await candidatesOfRarerEdits(context, { ...lookup, query }, options)
  const edited = await alignCandidates(context, { ...request, candidates: rarer }, options)
  const found = [...matches, ...edited]
  if (byIndexOnly || isFound(edited)) return bestOfEach(found)
  const candidates =
    (await candidatesOfSmallLibrary(context, { dnaDbId, fingerprint, except }, options)) ??
    (await candidatesOfLargeLibrary(context, { dnaDbId, query, except }))
  return bestOfEach([...found, ...(await alignCandidates(context, { ...request, candidates }, options))])
}

/**
 * Tells whether matches explain a query. Sound alone does not if the query has pictures: its music may be that of another
 * video.
 */
function isFoundIn({ hashes }: SearchQuery): (matches: readonly LibraryMatch[]) => boolean {
  const hasPictures = hashes.video.length > 0
  return (matches) =>
    matches.some(
      ({ accepted, segments }) => accepted && (!hasPictures || segments.some(({ kind }) => kind !== 'audio')),
    )
}

/** Keeps the better match of a video that two lookups found. Best score first. */
function bestOfEach(matches: readonly LibraryMatch[]): LibraryMatch[] {
  const best = new Map<string, LibraryMatch>()
  for (const match of [...matches].sort(byScore)) if (!best.has(match.videoId)) best.set(match.videoId, match)
  return [...best.values()]
}

function byScore(a: LibraryMatch, b: LibraryMatch): number {
  return b.score - a.score || (a.videoId < b.videoId ? -1 : 1)
}

export type AlignmentRequest = {
  readonly dnaDbId: string
  readonly fingerprint: Fingerprint
  readonly candidates: readonly CandidateVideo[]
  readonly includeWeak?: boolean | undefined
}

/** Aligns a query with candidates, best score first. Candidates that do not resemble it around a seed are skipped. */
export async function alignCandidates(
  { db, pool, log }: SearchContext,
  { dnaDbId, fingerprint, candidates, includeWeak = false }: AlignmentRequest,
  { signal, onProgress }: WorkOptions,
): Promise<LibraryMatch[]> {
  const found: LibraryMatch[] = []
  for (let start = 0; start < candidates.length; start += BATCH_SIZE) {
    signal.throwIfAborted()
    onProgress('match', start / candidates.length)
    const batch = candidates.slice(start, start + BATCH_SIZE)
    const seedsOf = new Map(batch.map(({ videoId, seeds }) => [videoId, seeds]))
    const stored = await loadFingerprints(db, { dnaDbId, videoIds: [...seedsOf.keys()] })
    const references = [...stored].map(([videoId, { data }]) => ({
      videoId,
      data,
      seeds: includeWeak ? undefined : seedsOf.get(videoId),
    }))
    const matches = await pool.run('match', { query: fingerprint, references, includeWeak }, { signal })
    for (const { videoId, match } of matches) {
      const video = stored.get(videoId)
      if (match === null) log.warn({ dnaDbId, videoId }, DAMAGED)
      else if (video !== undefined && match.segments.length > 0)
        found.push(libraryMatchOf(videoId, match, video))
    }
  }
  return found.sort(byScore)
}

const DAMAGED = 'Skipped a video whose stored fingerprint is damaged; store the video again'

function libraryMatchOf(
  videoId: string,
  match: MatchWithPictures,
  { object, durationSeconds }: Pick<LoadedFingerprint, 'object' | 'durationSeconds'>,
): LibraryMatch {
  const { score, similar, audioSimilar, queryCoverage, refCoverage, segments, accepted, pictures } = match
  const coverage = { queryCoverage, refCoverage }
  const similarity = { score, similar, audioSimilar }
  return {
    videoId,
    object,
    durationSeconds,
    ...similarity,
    ...coverage,
    segments: [...segments],
    accepted,
    pictures,
  }
}
