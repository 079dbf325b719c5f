import type { Candidate, Fingerprint, Tracks } from '@kinoprint/dna'
import { getLibrary } from '@kinoprint/store'
import type { DecodeContext, WorkContext, WorkOptions } from '../context.ts'
import { filmOf } from '../threads/film-input.ts'
import type { RangeFrames, SearchedQuery, VideoFacts } from '../threads/tasks.ts'
import { lookUpCandidates } from './look-up-candidates.ts'
import {
  addSamples,
  isConfirmed,
  type QuerySeed,
  rangesToRefine,
  refinementCandidates,
  widenRanges,
} from './plan-refinement.ts'
import { refineStill } from './refine-still.ts'
import { alignCandidates, type LibraryMatch, searchLibrary } from './search-library.ts'

/** Maximum number of refinements per search, each with wider ranges than the one before. */
const MAX_REFINEMENTS = 3

export type FileSearch = {
  readonly dnaDbId: string
  readonly path: string
  /** Whether to include the likeliest alignment with a candidate if none is proven. */
  readonly includeWeak?: boolean
  /** The tracks to compare. Default: both. */
  readonly tracks?: Tracks
  /** Whether to decode the whole file, even if its keyframes and audio settle everything. */
  readonly readWhole?: boolean
  /** Where to write poster.jpg, sprite.jpg and sprite.json of the file. Default: creates none. */
  readonly thumbnailsDir?: string | null
}

export type FileMatches = {
  readonly matches: LibraryMatch[]
  readonly facts: Pick<VideoFacts, 'durationSeconds' | 'width' | 'height' | 'hasAudio' | 'fps'>
  readonly query: SearchedQuery
  /** Why the thumbnails could not be created; null on success. */
  readonly thumbnailsFailure: string | null
}

type SearchContext = DecodeContext & Pick<WorkContext, 'db' | 'log'>

/**
 * Returns every video of a library that shares passages with a local file, best score first. For a long file it decodes
 * keyframes and audio first, then the ranges that they leave inconclusive, and the whole file if they find nothing.
 * Throws the Fault `ResourceNotSupported` for a file that ffmpeg cannot decode, and `Cancelled` if the signal is
 * aborted.
 */
export async function searchFile(
  context: SearchContext,
  {
    dnaDbId,
    path,
    includeWeak = false,
    tracks = 'both',
    readWhole = false,
    thumbnailsDir = null,
  }: FileSearch,
  options: WorkOptions,
): Promise<FileMatches> {
  const { signal, onProgress, onNote, pieces } = options
  const { pool, tools, maxVideoSeconds: maxSeconds, ffmpegThreads } = context
  const { film, onPiece } = await filmOf(pieces, `query ${tracks}`)
  const input = { tools, path, maxSeconds, ffmpegThreads, film, tracks }
  const decoding = { signal, onPiece, onProgress: (fraction: number) => onProgress('fingerprint', fraction) }
  onProgress('fingerprint', 0)
  const scan = await pool.run('keyframeScan', { ...input, thumbnailsDir }, decoding)
  const { file, keyframes, thumbnailsFailure } = scan
  for (const note of file.notes) onNote?.(note)
  const { query, facts } = file
  const { durationSeconds } = facts
  // The scan has all of the sound, so no picture need be decoded for it.
  if (keyframes === null || tracks === 'sound')
    return {
      matches: await refineStill(
        context,
        {
          dnaDbId,
          still: query.fingerprint,
          matches: await searchLibrary(context, { dnaDbId, query, includeWeak }, options),
        },
        options,
      ),
      facts,
      query: wholeQuery(query.fingerprint),
      thumbnailsFailure,
    }

  const searchWhole = async (): Promise<FileMatches> => {
    onProgress('fingerprint', 0)
    const whole = await pool.run('query', input, decoding)
    return {
      matches: await searchLibrary(context, { dnaDbId, query: whole.query, includeWeak }, options),
      facts: whole.facts,
      query: wholeQuery(whole.query.fingerprint),
      thumbnailsFailure,
    }
  }
  if (readWhole) return searchWhole()

  const { hashes, fingerprint } = query
  const { hits, candidates } = await lookUpCandidates(context, { dnaDbId, hashes }, options)
  const matches = await alignCandidates(context, { dnaDbId, fingerprint, candidates }, options)
  const library = await getLibrary(context.db, dnaDbId)
  const seeds = library?.storeDetail === 'keyframes' ? querySeedsOf(candidates) : []
  const result = { matches, hits, seeds, timesMs: keyframes.timesMs, durationMs: 1000 * durationSeconds }
  let ranges = rangesToRefine(result)
  let known: readonly RangeFrames[] = []
  for (let round = 0; ranges !== 'whole' && round < MAX_REFINEMENTS; round++) {
    onProgress('fingerprint', 0)
    const part = await pool.run(
      'refine',
      { tools, path, ffmpegThreads, keyframes, ranges, known },
      { signal },
    )
    known = part.decoded
    const request = { dnaDbId, fingerprint: part.fingerprint, candidates: refinementCandidates(result) }
    const refined = await alignCandidates(context, request, options)
    const wider = widenRanges(refined, { ranges, result })
    if (wider === null && isConfirmed(matches, refined, result.durationMs)) {
      const decoded = ranges.map(({ fromMs, toMs }) => ({ start: fromMs / 1000, end: toMs / 1000 }))
      const queried = { fingerprint: part.fingerprint, keyframes: fingerprint, decoded }
      return { matches: refined, facts, query: queried, thumbnailsFailure }
    }
    ranges = wider ?? addSamples(matches, { ranges, result }) ?? 'whole'
  }
  return searchWhole()
}

/** A query whose frames are all known. */
export function wholeQuery(fingerprint: Fingerprint): SearchedQuery {
  return { fingerprint, keyframes: null, decoded: null }
}

function querySeedsOf(candidates: readonly Candidate[]): QuerySeed[] {
  return candidates.flatMap(({ videoId, seeds }) => seeds.map(({ queryMs }) => ({ videoId, queryMs })))
}
