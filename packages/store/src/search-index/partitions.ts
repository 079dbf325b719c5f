import { bitType } from 'pgvector/utils'
import type { Queryable } from '../database.ts'

/** What a hash is in SQL: `bit(256)`. */
export const HASH_TYPE: string = bitType(256)

export const indexKinds = ['video', 'audio'] as const
export type IndexKind = (typeof indexKinds)[number]

const PARENTS = { video: 'frame_index', audio: 'audio_index' } as const

/**
 * The table that holds one library's rows. Statements name it directly: the parent would have to be opened and
 * pruned each time, and the neighbour index belongs to this table alone.
 */
export function partitionName(kind: IndexKind, libraryNumber: number): string {
  return `${PARENTS[kind]}_${Math.trunc(libraryNumber)}`
}

/** Creates the tables of a new library's index. */
export async function createIndexPartitions(client: Queryable, libraryNumber: number): Promise<void> {
  for (const kind of indexKinds) {
    const name = partitionName(kind, libraryNumber)
    await client.query(
      `create table ${name} partition of ${PARENTS[kind]} for values in (${Math.trunc(libraryNumber)});
       create index on ${name} (fingerprint_id)`,
    )
  }
}

export async function dropIndexPartitions(client: Queryable, libraryNumber: number): Promise<void> {
  for (const kind of indexKinds) await client.query(`drop table ${partitionName(kind, libraryNumber)}`)
}

/** Removes one fingerprint's rows; a few milliseconds even for half an hour of video. */
export async function deleteIndexRows(
  client: Queryable,
  { libraryNumber, fingerprintId }: { readonly libraryNumber: number; readonly fingerprintId: number },
): Promise<void> {
  for (const kind of indexKinds) {
    await client.query(`delete from ${partitionName(kind, libraryNumber)} where fingerprint_id = $1`, [
      fingerprintId,
    ])
  }
}
