import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { type Lookup, lookUpCandidates } from './look-up-candidates.ts'
import { mergeCandidates, type SeededVideo } from './merge-candidates.ts'

/**
 * Weak candidates by turned pictures, and by other parts of the picture. Of 329 re-uploads among 1,000 hours, 222 of the 223 that
 * are named at all are among these.
 */
const MAX_WEAK_FRAMES = 4
/**
 * Weak candidates by audio at another pitch, and index rows of each of its hashes. There are 672 hashes: of a copy, several hit
 * the same video, and its rows are the nearest ones. Among 1,000 hours, all eight re-uploads that only this lookup names are among the first two.
 */
const BY_PITCH = { maxWeak: 6, reach: { hitsPerHash: 3, maxCandidates: 24 } }

type RarerEdits = Omit<Lookup, 'hashes'> & { readonly query: SearchQuery }

/** The videos worth aligning that turned pictures name, other parts of the picture, or audio at another pitch. */
export async function candidatesOfRarerEdits(
  context: Pick<WorkContext, 'db' | 'pool'>,
  { query, ...lookup }: RarerEdits,
  options: WorkOptions,
): Promise<SeededVideo[]> {
  const { signal } = options
  const audio = await context.pool.run('variantWindows', { query: query.fingerprint }, { signal })
  const byFrames = { maxWeak: MAX_WEAK_FRAMES, ...lookup, hashes: { video: query.furtherFrames, audio: [] } }
  const byPitch = { ...lookup, ...BY_PITCH, hashes: { video: [], audio } }
  return mergeCandidates([
    ...(await lookUpCandidates(context, byFrames, options)).candidates,
    ...(await lookUpCandidates(context, byPitch, options)).candidates,
  ])
}
