import { bitType } from 'pgvector/utils'
import type { Queryable } from '../database.ts'

/** SQL type of a hash: `bit(256)`. */
export const HASH_TYPE: string = bitType(256)

export const indexKinds = ['video', 'audio'] as const
export type IndexKind = (typeof indexKinds)[number]

/** What is found by equal keys, instead of near hashes. */
export const keyKinds = ['keypoints', 'landmarks'] as const
export type KeyKind = (typeof keyKinds)[number]

const PARENTS = {
  video: 'frame_index',
  audio: 'audio_index',
  keypoints: 'keypoint_index',
  landmarks: 'landmark_index',
} as const
type PartitionKind = IndexKind | KeyKind
/** The tables of the search index, each with one partition for a library. */
export const indexTables: readonly string[] = Object.values(PARENTS)
const partitionKinds: readonly PartitionKind[] = [...indexKinds, ...keyKinds]

/**
 * The table that contains one library's rows. Naming it in a statement is cheaper than naming its parent, whose
 * partitions PostgreSQL would open and prune every time.
 */
export function partitionName(kind: PartitionKind, libraryNumber: number): string {
  return `${PARENTS[kind]}_${Math.trunc(libraryNumber)}`
}

/** Creates the index tables of a new library. */
export async function createIndexPartitions(client: Queryable, libraryNumber: number): Promise<void> {
  for (const kind of partitionKinds) {
    const name = partitionName(kind, libraryNumber)
    await client.query(
      `create table ${name} partition of ${PARENTS[kind]} for values in (${Math.trunc(libraryNumber)});
       create index on ${name} (fingerprint_id)`,
    )
  }
}

/** Drops the index tables of a library. */
export async function dropIndexPartitions(client: Queryable, libraryNumber: number): Promise<void> {
  for (const kind of partitionKinds) await client.query(`drop table ${partitionName(kind, libraryNumber)}`)
}

/** Deletes the index rows of a fingerprint. This takes a few milliseconds for 30 min of video. */
export async function deleteIndexRows(
  client: Queryable,
  { libraryNumber, fingerprintId }: { readonly libraryNumber: number; readonly fingerprintId: number },
): Promise<void> {
  for (const kind of partitionKinds) {
    await client.query(`delete from ${partitionName(kind, libraryNumber)} where fingerprint_id = $1`, [
      fingerprintId,
    ])
  }
}
