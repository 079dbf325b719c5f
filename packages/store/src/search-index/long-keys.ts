import type { Database } from '../database.ts'
import type { Statement } from '../statement.ts'
import { type IndexKind, partitionName } from './partitions.ts'

const FUNCTIONS = { video: 'frame_long_key', audio: 'audio_long_key' } as const

/** The SQL of the long key of a row. A search with it needs the index, or it reads the whole table. */
export function longKeySql(kind: IndexKind): string {
  return `${FUNCTIONS[kind]}(hash)`
}

/** The index of a library over long keys. */
export function longIndexName(kind: IndexKind, libraryNumber: number): string {
  return `${partitionName(kind, libraryNumber)}_long`
}

/** What a server has of a library's index of one kind. */
export type IndexSize = {
  /** Size of the rows. */
  readonly bytes: number
  /** Whether an index over long keys is complete. */
  readonly hasLongKeys: boolean
}

/** The statement that reads an `IndexSize`. */
export function indexSizeOf({ kind, libraryNumber }: { kind: IndexKind; libraryNumber: number }): Statement {
  return {
    text: `select pg_relation_size($1::regclass)::float8 as bytes,
       exists (select from pg_index where indexrelid = to_regclass($2) and indisvalid) as "hasLongKeys"`,
    values: [partitionName(kind, libraryNumber), longIndexName(kind, libraryNumber)],
  }
}

/** Reads the `IndexSize` of a server. */
export async function readIndexSize(
  { pool }: Database,
  index: { readonly kind: IndexKind; readonly libraryNumber: number },
): Promise<IndexSize> {
  const { text, values } = indexSizeOf(index)
  const { rows } = await pool.query<IndexSize>(text, [...values])
  return rows[0] ?? { bytes: 0, hasLongKeys: false }
}
