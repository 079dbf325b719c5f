import { FORMAT_VERSION } from '@kinoprint/dna'
import { type Database, loadFingerprints, type Video } from '@kinoprint/store'
import type { FileFingerprint } from '../threads/tasks.ts'
import type { ThreadPool } from '../threads/thread-pool.ts'

export type StoredFingerprint = Pick<FileFingerprint, 'data' | 'probes' | 'durationSeconds'>

/**
 * What is stored of a video, if its content is still the given one and its fingerprint of today's format: then
 * its file need not be decoded again. Null otherwise.
 */
export const storedFingerprint = async (
  { db, pool }: { db: Database; pool: ThreadPool },
  video: Video | null,
  { etag, signal }: { etag: string; signal: AbortSignal },
): Promise<StoredFingerprint | null> => {
  if (video === null || video.etag !== etag) return null
  const { dnaDbId, videoId } = video
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined || stored.format !== FORMAT_VERSION) return null
  try {
    const probes = await pool.run<'probes'>({ kind: 'probes', data: stored.data }, { signal })
    return { data: stored.data, probes, durationSeconds: stored.durationSeconds }
  } catch (error) {
    if (signal.aborted) throw error
    // Damaged: decoding the file once more gives what it was, and storing it mends it.
    return null
  }
}
