import type { TimedHash } from '@kinoprint/dna'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { type Lookup, lookUpCandidates } from './look-up-candidates.ts'
import { mergeCandidates, type SeededVideo } from './merge-candidates.ts'

/**
 * Weak candidates by turned pictures, and by other parts of the picture. Among 1,000 hours, the re-uploads that only this lookup
 * names are the first, and three that keypoints name too the second to fourth.
 */
const MAX_WEAK_FRAMES = 3
/**
 * Weak candidates by audio at another pitch, and index rows of each of its hashes. There are 672 hashes: of a copy, several hit
 * the same video, and its rows are the nearest ones. Among 1,000 hours, the six re-uploads that only this lookup names
 * are all the first.
 */
const BY_PITCH = { maxWeak: 3, reach: { hitsPerHash: 3, maxCandidates: 24 } }

type RarerEdits = Omit<Lookup, 'hashes'> & { readonly query: SearchQuery }

/** The videos worth aligning that turned pictures name, other parts of the picture, or audio at another pitch. */
export async function candidatesOfRarerEdits(
  context: Pick<WorkContext, 'db' | 'pool'>,
  { query, ...lookup }: RarerEdits,
  options: WorkOptions,
): Promise<SeededVideo[]> {
  const audio = await variantsOf(context, query, options)
  const byFrames = { maxWeak: MAX_WEAK_FRAMES, ...lookup, hashes: { video: query.furtherFrames, audio: [] } }
  const byPitch = { ...lookup, ...BY_PITCH, hashes: { video: [], audio } }
  return mergeCandidates([
    ...(await lookUpCandidates(context, byFrames, options)).candidates,
    ...(await lookUpCandidates(context, byPitch, options)).candidates,
  ])
}

/** Hashes of the audio at another pitch; none of a stored fingerprint, which has no spectra. */
async function variantsOf(
  { pool }: Pick<WorkContext, 'pool'>,
  { fingerprint }: SearchQuery,
  { signal }: WorkOptions,
): Promise<readonly TimedHash[]> {
  if (!fingerprint.audio?.spectra) return []
  return pool.run('variantWindows', { query: fingerprint }, { signal })
}
