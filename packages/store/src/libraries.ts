import {
  checkPolicy,
  DEFAULT_POLICY,
  Fault,
  newDnaDbId,
  type Page,
  type PageBounds,
  type Policy,
  type PolicyChanges,
  pageOf,
  pageWindow,
  type StoreDetail,
  type StoreMode,
} from '@kinoprint/core'
import { containsPattern } from './contains-pattern.ts'
import type { Database, Queryable } from './database.ts'
import { claimLibraryName } from './library-name.ts'
import type { Scope } from './scope.ts'
import { createIndexPartitions, dropIndexPartitions } from './search-index/partitions.ts'
import { withLongTimeout } from './statement.ts'
import { transaction } from './transaction.ts'

export type Library = {
  readonly dnaDbId: string
  readonly name: string
  readonly description: string
  /** Maximum number of videos. */
  readonly capacity: number
  /** The bucket whose GET /dnadb lists it. Jobs of other buckets can also use it, if their key permits. */
  readonly bucket: string
  readonly region: string
  /** 0..100. Detections with both Similar and Audio.Similar below it are hidden. */
  readonly minSimilar: number
  /** Whether storing a video also reports matching videos of the library. */
  readonly detectOnStore: boolean
  /** Whether results of jobs leave out pairs that a reviewer dismissed. */
  readonly suppressDismissed: boolean
  /** Whether passages that suddenly match everything are held back. */
  readonly floodGuard: boolean
  /** How much is stored of each new video. */
  readonly storeDetail: StoreDetail
  /** Which new videos are stored. */
  readonly store: StoreMode
  /** What its searches report, show for review and keep as near misses. */
  readonly policy: Policy
  /** Whether its matches are reported to an address. */
  readonly hasCallback: boolean
  readonly videoCount: number
  /** Total length of its videos, in decimal seconds. */
  readonly totalSeconds: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type NewLibrary = {
  readonly name: string
  readonly bucket: string
  readonly region: string
  readonly description?: string | undefined
  /** Default: 10,000. */
  readonly capacity?: number | undefined
  /** Default: 0. */
  readonly minSimilar?: number | undefined
  /** Default: true. */
  readonly detectOnStore?: boolean | undefined
  /** Default: false. */
  readonly suppressDismissed?: boolean | undefined
  /** Default: true. */
  readonly floodGuard?: boolean | undefined
  /** Default: full. */
  readonly storeDetail?: StoreDetail | undefined
  /** Default: always. */
  readonly store?: StoreMode | undefined
  /** Fields that are absent have their defaults, or stay as they are. */
  readonly policy?: PolicyChanges | undefined
  /** Default: a new id. */
  readonly dnaDbId?: string | undefined
  /** Refuse the name if another library has it. Default: false. */
  readonly nameMustBeUnique?: boolean | undefined
}

export type LibraryChanges = {
  readonly [Field in Exclude<keyof NewLibrary, 'dnaDbId'>]?: NewLibrary[Field] | undefined
}

export type LibraryFilter = Scope & {
  /** Only these libraries; at most 100. */
  readonly ids?: readonly string[] | undefined
  /** Only libraries whose name contains this, in any case, or with this id. */
  readonly q?: string | undefined
}

/** The orders of a list of libraries. */
const orders = { oldest: 'number', newest: 'number desc', name: 'lower(name), number' } as const
export type LibraryOrder = keyof typeof orders

/** The capacity of the libraries in the Tencent API samples. */
const DEFAULT_CAPACITY = 10_000

type Row = Omit<Library, 'totalSeconds' | 'policy'> & { totalMs: string; policy: Partial<Policy> }

const COLUMNS = `dna_db_id as "dnaDbId", name, description, capacity, bucket, region, min_similar as "minSimilar",
  detect_on_store as "detectOnStore", suppress_dismissed as "suppressDismissed", flood_guard as "floodGuard", store_detail as "storeDetail", store_mode as store, video_count as "videoCount", total_ms as "totalMs",
  policy, created_at as "createdAt", updated_at as "updatedAt",
  exists (select from match_callbacks c where c.library_number = libraries.number) as "hasCallback"`

function toLibrary({ totalMs, policy, ...rest }: Row): Library {
  return { ...rest, policy: { ...DEFAULT_POLICY, ...policy }, totalSeconds: Number(totalMs) / 1000 }
}

/** A library that is being written. Throws a Fault, which undoes the change, if its policy contradicts itself. */
function checkedLibrary(row: Row): Library {
  const library = toLibrary(row)
  checkPolicy(library.policy)
  return library
}

/**
 * Creates a library with its index partitions.
 *
 * @throws Fault Conflict if the id is taken, or if the name must be unique and is not; InvalidArgument for a policy that
 * contradicts itself.
 */
export function createLibrary(db: Database, library: NewLibrary): Promise<Library> {
  return transaction(db, async (client) => {
    if (library.nameMustBeUnique) await claimLibraryName(client, { name: library.name })
    const { rows } = await client.query<Row & { number: number }>(
      `insert into libraries (dna_db_id, name, description, capacity, bucket, region, min_similar, detect_on_store,
         store_detail, policy, suppress_dismissed, store_mode, flood_guard)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (dna_db_id) do nothing returning number, ${COLUMNS}`,
      [
        library.dnaDbId ?? newDnaDbId(),
        library.name,
        library.description ?? '',
        library.capacity ?? DEFAULT_CAPACITY,
        library.bucket,
        library.region,
        library.minSimilar ?? 0,
        library.detectOnStore ?? true,
        library.storeDetail ?? 'full',
        JSON.stringify(library.policy ?? {}),
        library.suppressDismissed ?? false,
        library.store ?? 'always',
        library.floodGuard ?? true,
      ],
    )
    const [row] = rows
    if (row === undefined)
      throw new Fault('Conflict', `Library ${library.dnaDbId} already exists. Choose another id.`)
    const { number, ...columns } = row
    await createIndexPartitions(client, number)
    return checkedLibrary(columns)
  })
}

/** Returns the library, or null if none has this id. */
export async function getLibrary(db: Database, dnaDbId: string): Promise<Library | null> {
  const { rows } = await db.pool.query<Row>(`select ${COLUMNS} from libraries where dna_db_id = $1`, [
    dnaDbId,
  ])
  return rows[0] === undefined ? null : toLibrary(rows[0])
}

/** Returns a page of the libraries, oldest first unless `order` says otherwise. */
export async function listLibraries(
  db: Database,
  filter: PageBounds & LibraryFilter & { readonly order?: LibraryOrder | undefined },
): Promise<Page<Library>> {
  const { limit, offset } = pageWindow(filter)
  const where = `($1::text[] is null or dna_db_id = any($1)) and ($2::text[] is null or dna_db_id = any($2))
    and ($3::text[] is null or bucket = any($3)) and ($4::text[] is null or region = any($4))
    and ($5::text is null or name ilike $5 or dna_db_id = $6)`
  const values = [
    filter.ids ?? null,
    filter.libraries ?? null,
    filter.buckets ?? null,
    filter.regions ?? null,
    filter.q === undefined ? null : containsPattern(filter.q),
    filter.q ?? null,
  ]
  const { rows } = await db.pool.query<Row>(
    `select ${COLUMNS} from libraries where ${where} order by ${orders[filter.order ?? 'oldest']} limit $7 offset $8`,
    [...values, limit, offset],
  )
  const counted = await db.pool.query<{ total: string }>(
    `select count(*) as total from libraries where ${where}`,
    values,
  )
  return pageOf(rows.map(toLibrary), { filter, total: Number(counted.rows[0]?.total ?? 0) })
}

/**
 * Changes the fields that are present. Null if the library does not exist.
 *
 * @throws Fault Conflict if the new name must be unique and is not; InvalidArgument for a policy that contradicts itself.
 */
export function updateLibrary(
  db: Database,
  dnaDbId: string,
  changes: LibraryChanges,
): Promise<Library | null> {
  return transaction(db, async (client) => {
    const { name, nameMustBeUnique = false } = changes
    if (nameMustBeUnique && name !== undefined) await claimLibraryName(client, { name, dnaDbId })
    const { rows } = await client.query<Row>(
      `update libraries set name = coalesce($2, name), description = coalesce($3, description),
       capacity = coalesce($4, capacity), bucket = coalesce($5, bucket), region = coalesce($6, region),
       min_similar = coalesce($7, min_similar), detect_on_store = coalesce($8, detect_on_store),
       store_detail = coalesce($9, store_detail), policy = policy || $10::jsonb,
       suppress_dismissed = coalesce($11, suppress_dismissed), store_mode = coalesce($12, store_mode),
       flood_guard = coalesce($13, flood_guard), updated_at = clock_timestamp()
     where dna_db_id = $1 returning ${COLUMNS}`,
      [
        dnaDbId,
        changes.name ?? null,
        changes.description ?? null,
        changes.capacity ?? null,
        changes.bucket ?? null,
        changes.region ?? null,
        changes.minSimilar ?? null,
        changes.detectOnStore ?? null,
        changes.storeDetail ?? null,
        JSON.stringify(changes.policy ?? {}),
        changes.suppressDismissed ?? null,
        changes.store ?? null,
        changes.floodGuard ?? null,
      ],
    )
    return rows[0] === undefined ? null : checkedLibrary(rows[0])
  })
}

/**
 * Deletes a library with its videos and its undecided matches. Decided ones stay. Returns the video ids, which the caller needs to delete their thumbnails. Null if
 * the library does not exist.
 *
 * @throws Fault Conflict if it holds videos and `force` is not set.
 */
export function deleteLibrary(
  db: Database,
  dnaDbId: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<readonly string[] | null> {
  return transaction(db, async (client) => {
    const library = await lockLibrary(client, dnaDbId)
    if (library === null) return null
    if (library.videoCount > 0 && !force) {
      const videos = library.videoCount === 1 ? '1 video' : `${library.videoCount} videos`
      throw new Fault(
        'Conflict',
        `Library ${dnaDbId} holds ${videos}. Delete them first, or use force (?force=true, --force).`,
      )
    }
    await dropIndexPartitions(client, library.number)
    const { rows } = await client.query<{ videoId: string }>(
      withLongTimeout('delete from videos where library_number = $1 returning video_id as "videoId"', [
        library.number,
      ]),
    )
    const undecided = `delete from matches where dna_db_id = $1 and decided_at is null`
    await client.query(withLongTimeout(undecided, [dnaDbId]))
    await client.query('insert into shard_removals (shard, library_number) select name, $1 from shards', [
      library.number,
    ])
    await client.query(withLongTimeout('delete from libraries where number = $1', [library.number]))
    return rows.map(({ videoId }) => videoId)
  })
}

export type LockedLibrary = {
  readonly number: number
  readonly capacity: number
  readonly videoCount: number
}

/** Locks the library's row until the transaction ends, so that changes to its videos are serialised. */
export async function lockLibrary(client: Queryable, dnaDbId: string): Promise<LockedLibrary | null> {
  const { rows } = await client.query<LockedLibrary>(
    `select number, capacity, video_count as "videoCount" from libraries where dna_db_id = $1 for update`,
    [dnaDbId],
  )
  return rows[0] ?? null
}

/**
 * Returns the number that identifies the library's index partitions. Throws unknownLibrary if the library does not
 * exist.
 */
export async function libraryNumberOf(db: Queryable, dnaDbId: string): Promise<number> {
  const { rows } = await db.query<{ number: number }>('select number from libraries where dna_db_id = $1', [
    dnaDbId,
  ])
  if (rows[0] === undefined) throw unknownLibrary(dnaDbId)
  return rows[0].number
}

/** The fault of a request that names a library that does not exist. */
export function unknownLibrary(dnaDbId: string): Fault {
  return new Fault('InvalidArgument', `Library ${dnaDbId} does not exist.`)
}
