import type { Database } from '../database.ts'
import { lockLibrary } from '../libraries.ts'
import { transaction } from '../transaction.ts'
import { removeFingerprint } from './videos.ts'

export type Replacement = {
  readonly dnaDbId: string
  readonly videoId: string
  /** ETag of the content that the new fingerprint was made from. */
  readonly etag: string
  /** The staged fingerprint of that content. */
  readonly fingerprintId: number
}

/**
 * Replaces a video's fingerprint with a staged one of the same content, to rebuild its index rows or to store a newer
 * format. False if the video was deleted or its content has changed; the caller then discards the staged fingerprint.
 */
export function replaceFingerprint(
  db: Database,
  { dnaDbId, videoId, etag, fingerprintId }: Replacement,
): Promise<boolean> {
  return transaction(db, async (client) => {
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
}
