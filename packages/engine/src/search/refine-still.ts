import { Fault } from '@kinoprint/core'
import { type Fingerprint, isStill } from '@kinoprint/dna'
import { loadFingerprints } from '@kinoprint/store'
import { compareFrames, likeliestRanges } from '../compare/still-frames.ts'
import type { DecodeContext, OpenSource, WorkContext, WorkOptions } from '../context.ts'
import type { TimeRange } from '../threads/tasks.ts'
import type { LibraryMatch } from './search-library.ts'

/** Candidates whose files are read, best first. */
const MAX_FILES = 10
/** A stored frame that is this similar, 0 to 100, is the picture: at most 10 of 256 bits differ. */
const SAME_PICTURE = 92

type Context = DecodeContext & Pick<WorkContext, 'db'>

export type StillSearch = {
  readonly dnaDbId: string
  /** The query. Matches of other queries than a still are returned as they are. */
  readonly still: Fingerprint
  readonly matches: readonly LibraryMatch[]
}

/**
 * Compares a still with every frame around the likeliest moments of the best matches, in the files of the stored videos.
 * A fingerprint has four frames a second, so it misses pictures of fast movement. Returns the matches, best score first.
 * Those whose file cannot be read are unchanged, and a note says so. Throws the Fault `Cancelled` if the signal is aborted.
 */
export async function refineStill(
  context: Context,
  { dnaDbId, still, matches }: StillSearch,
  options: WorkOptions,
): Promise<LibraryMatch[]> {
  const { openSource, db, pool } = context
  const [best] = matches
  if (openSource === undefined || best === undefined || !isStill(still) || best.similar >= SAME_PICTURE)
    return [...matches]
  const videoIds = matches.slice(0, MAX_FILES).map(({ videoId }) => videoId)
  const stored = await loadFingerprints(db, { dnaDbId, videoIds })
  const references = [...stored].map(([videoId, { data }]) => ({ videoId, data }))
  const rangesOf = await likeliestRanges(pool, { still, references }, options)
  const [refined, unread]: [LibraryMatch[], string[]] = [[], []]
  for (const match of matches) {
    const ranges = rangesOf.get(match.videoId)
    const found = ranges && (await refineMatch({ ...context, openSource }, { still, match, ranges }, options))
    if (found === null) unread.push(match.object)
    refined.push(found ?? match)
  }
  if (unread.length > 0)
    options.onNote?.(
      `The second of the still is that of stored frames for files that could not be read: ${unread.join(', ')}.`,
    )
  return refined.sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
}

type Refinement = Pick<StillSearch, 'still'> & {
  readonly match: LibraryMatch
  readonly ranges: readonly TimeRange[]
}

/** Null if the file cannot be read. */
async function refineMatch(
  { openSource, ...context }: Context & { readonly openSource: OpenSource },
  { still, match, ranges }: Refinement,
  { signal }: WorkOptions,
): Promise<LibraryMatch | null> {
  const { videoId, object, durationSeconds } = match
  try {
    const found = await openSource(
      { videoId, object },
      (path) => compareFrames(context, { path, still, ranges, durationSeconds }, signal),
      signal,
    )
    if (found === null) return null
    return found.score > match.score ? { ...match, ...found, segments: [...found.segments] } : match
  } catch (error) {
    if (signal.aborted || !(error instanceof Fault)) throw error
    return null
  }
}
