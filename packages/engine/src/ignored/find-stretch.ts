import type { Segment } from '@kinoprint/dna'
import { loadFingerprints, type NewIgnoredRange } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import { searchLibrary } from '../search/search-library.ts'

/** Videos that share an ident exceed what an ordinary search looks at. */
const REACH = { hitsPerHash: 400, maxCandidates: 400 }

type Stretch = {
  readonly dnaDbId: string
  readonly videoId: string
  /** Decimal seconds of the video. */
  readonly start: number
  readonly end: number
}

/** Where a stretch is, in decimal seconds of a video. */
type Placement = {
  readonly videoId: string
  readonly start: number
  readonly end: number
  readonly score: number
}

type StretchContext = Pick<WorkContext, 'db' | 'pool' | 'log'>

/**
 * Finds where else a library has a stretch of one of its videos. Returns the fingerprint of the stretch, and its positions
 * in other videos and elsewhere in its own. Null if the video is gone.
 */
export async function findStretch(
  context: StretchContext,
  { dnaDbId, videoId, start, end }: Stretch,
  options: WorkOptions,
): Promise<{ readonly fingerprint: Uint8Array; readonly placements: Placement[] } | null> {
  const { db, pool } = context
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return null
  const range = { fromMs: Math.round(1000 * start), toMs: Math.round(1000 * end) }
  const { data, query } = await pool.run(
    'stretch',
    { data: stored.data, ...range },
    { signal: options.signal },
  )
  const matches = await searchLibrary(context, { dnaDbId, query, reach: REACH }, options)
  const placements = matches
    .filter(({ accepted }) => accepted)
    .flatMap((match) => rangesOf(match.segments).map((position) => ({ ...position, videoId: match.videoId })))
  return { fingerprint: data, placements }
}

/** Finds which of the stretches that a library ignores everywhere a new video shows. */
export async function findIgnoredIn(
  { pool }: Pick<WorkContext, 'pool'>,
  { data, stretches }: NewVideoData,
  { signal }: Pick<WorkOptions, 'signal'>,
): Promise<NewIgnoredRange[]> {
  if (stretches.length === 0) return []
  const named = stretches.map(({ ignoredId, data: bytes }) => ({ id: ignoredId, data: bytes }))
  const found = await pool.run('findStretches', { data, stretches: named }, { signal })
  return found.flatMap(({ id, segments }) => rangesOf(segments).map((range) => ({ ...range, ignoredId: id })))
}

type NewVideoData = {
  /** The stored fingerprint of the video. */
  readonly data: Uint8Array
  readonly stretches: readonly { readonly ignoredId: string; readonly data: Uint8Array }[]
}

function rangesOf(segments: readonly Segment[]): Omit<Placement, 'videoId'>[] {
  return segments
    .filter(({ weak }) => !weak)
    .map(({ refStart, refEnd, score }) => ({ start: refStart, end: refEnd, score }))
}
