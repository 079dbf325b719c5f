import type { Database } from '../database.ts'

/** A video as clients of Hasher-Matcher-Actioner name it. */
export type BankContent = {
  readonly contentId: number
  readonly videoId: string
  /** Unix time until which lookups leave it out. 1: never; 0: for good. */
  readonly disableUntilTs: number
}

type Row = { readonly contentId: string; readonly videoId: string; readonly disableUntilTs: string }

const COLUMNS = 'content_id as "contentId", video_id as "videoId", disable_until_ts as "disableUntilTs"'

/** The contents of these videos, which get their numbers when a client first sees them. */
export async function contentsOfVideos(
  db: Database,
  videoIds: readonly string[],
): Promise<Map<string, BankContent>> {
  if (videoIds.length === 0) return new Map()
  await db.pool.query(
    `insert into hma_contents (video_id)
     select video_id from videos v where video_id = any($1)
       and not exists (select from hma_contents c where c.video_id = v.video_id)
     order by video_id on conflict do nothing`,
    [videoIds],
  )
  const { rows } = await db.pool.query<Row>(`select ${COLUMNS} from hma_contents where video_id = any($1)`, [
    videoIds,
  ])
  return new Map(rows.map((row) => [row.videoId, toContent(row)]))
}

/** A content of a library, or null. */
export async function findContent(
  db: Database,
  { dnaDbId, contentId }: { readonly dnaDbId: string; readonly contentId: number },
): Promise<BankContent | null> {
  const { rows } = await db.pool.query<Row>(
    `select ${COLUMNS} from hma_contents c join videos v using (video_id)
       join libraries l on l.number = v.library_number
     where c.content_id = $1 and l.dna_db_id = $2`,
    [contentId, dnaDbId],
  )
  return rows[0] === undefined ? null : toContent(rows[0])
}

/** Sets until when lookups leave a content out. */
export async function disableContent(
  db: Database,
  { contentId, disableUntilTs }: Pick<BankContent, 'contentId' | 'disableUntilTs'>,
): Promise<void> {
  await db.pool.query('update hma_contents set disable_until_ts = $2 where content_id = $1', [
    contentId,
    disableUntilTs,
  ])
}

function toContent({ contentId, videoId, disableUntilTs }: Row): BankContent {
  return { contentId: Number(contentId), videoId, disableUntilTs: Number(disableUntilTs) }
}
