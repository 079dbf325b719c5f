import type { Database } from '../database.ts'
import { lockLibrary } from '../libraries.ts'
import { transaction } from '../transaction.ts'
import { removeFingerprint } from './videos.ts'

export type Replacement = {
  readonly dnaDbId: string
  readonly videoId: string
  /** Of the content that the new fingerprint was made from. */
  readonly etag: string
  /** Staged, and of that same content. */
  readonly fingerprintId: number
}

/**
 * Puts a staged fingerprint in the place of a video's present one, whose content it shares: an index built anew, or
 * a later format. False where the video is gone or has other content by now; the staged one is the caller's then.
 */
export const replaceFingerprint = (
  db: Database,
  { dnaDbId, videoId, etag, fingerprintId }: Replacement,
): Promise<boolean> =>
  transaction(db, async (client) => {
    const library = await lockLibrary(client, dnaDbId)
    if (library === null) return false
    const { rows } = await client.query<{ previousId: string }>(
      `select fingerprint_id as "previousId" from videos
       where library_number = $1 and video_id = $2 and etag = $3 for update`,
      [library.number, videoId, etag],
    )
    if (rows[0] === undefined) return false
    await client.query('update videos set fingerprint_id = $2 where video_id = $1', [videoId, fingerprintId])
    await removeFingerprint(client, {
      libraryNumber: library.number,
      fingerprintId: Number(rows[0].previousId),
    })
    return true
  })
