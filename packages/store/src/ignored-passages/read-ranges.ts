import type { Queryable } from '../database.ts'
import type { IgnoredRange } from './mark-ignored.ts'

type Contents = {
  readonly dnaDbId: string
  readonly etags: readonly string[]
  /** A draft to count as if it were ignored. */
  readonly draftId?: string | undefined
  /** The content of a query: passages that are held back do not apply to the references that are confirmed with it. */
  readonly confirmedWith?: string | undefined
}

/** The ignored ranges of stored contents, by ETag. */
export async function readIgnoredRanges(
  client: Queryable,
  { dnaDbId, etags, draftId, confirmedWith }: Contents,
): Promise<Map<string, IgnoredRange[]>> {
  const { rows } = await client.query<IgnoredRange & { etag: string }>(
    `select r.etag, r.ignored_id as "ignoredId", i.everywhere, r.start_seconds as start, r.end_seconds as "end"
     from ignored_ranges r join ignored_passages i using (ignored_id) join libraries l on l.number = r.library_number
     where l.dna_db_id = $1 and r.etag = any($2) and (not i.is_draft or i.ignored_id = $3)
       and not (i.held and exists (
         select from matches m where m.dna_db_id = $1 and m.reference_etag = r.etag and m.query_etag = $4
           and m.state = 'confirmed'))
     order by i.created_at, r.start_seconds`,
    [dnaDbId, etags, draftId ?? null, confirmedWith ?? null],
  )
  const ranges = new Map<string, IgnoredRange[]>()
  for (const { etag, ...range } of rows) ranges.set(etag, [...(ranges.get(etag) ?? []), range])
  return ranges
}
