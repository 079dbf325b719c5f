import { setTimeout as delay } from 'node:timers/promises'
import { errorText, Fault } from '@kinoprint/core'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { libraryNumberOf } from '../libraries.ts'
import { insertFingerprint, readIndexRows, writeIndexRows } from '../search-index/index-rows.ts'
import { deleteIndexRows } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { prepareLibrary } from './choose-home.ts'
import { changePlacement, readPlacements, SLOTS, slotOf } from './placement.ts'
import { listShardNames } from './registry.ts'
import { onServer, pingShard, ShardUnavailable } from './shards.ts'

/** Fingerprints moved per second unless the request names a rate. */
const PER_SECOND = 20
/** Names the primary where a shard is named. */
const PRIMARY = 'primary'

export type MoveRequest = {
  /** Names of shards, or `primary`. The slots are divided evenly among them. */
  readonly to: readonly string[]
  /** Default: all libraries without ranges of their own. */
  readonly dnaDbId?: string | undefined
  /** Default: all slots. */
  readonly first?: number | undefined
  readonly last?: number | undefined
  /** Default: 20. */
  readonly perSecond?: number | undefined
}

/**
 * Changes where fingerprints belong. New ones go there at once; `continueMove` moves the others.
 *
 * @throws Fault InvalidArgument if there is no such shard, library or range; ShardUnavailable if a target is away.
 */
export async function startMove(
  db: Database,
  { to, dnaDbId, first = 0, last = SLOTS - 1, perSecond = PER_SECOND }: MoveRequest,
): Promise<void> {
  const known = await listShardNames(db)
  const unknown = to.find((name) => name !== PRIMARY && !known.includes(name))
  if (unknown !== undefined) throw new Fault('InvalidArgument', `There is no shard ${unknown}. Add it first.`)
  if (to.length === 0) throw new Fault('InvalidArgument', 'Name at least one shard to move to.')
  for (const name of to) if (name !== PRIMARY) await pingShard(db, name)
  const libraryNumber = dnaDbId === undefined ? null : await libraryNumberOf(db.pool, dnaDbId)
  await transaction(db, async (client) => {
    const targets = to.map((name) => (name === PRIMARY ? null : name))
    await changePlacement(client, { libraryNumber, first, last, to: targets })
    await client.query(
      `insert into shard_moves (per_second) values ($1)
       on conflict (is_only_row) do update set per_second = $1, last_id = 0, moved_in_pass = 0, problem = null, ended_at = null,
         moved = case when shard_moves.ended_at is null then shard_moves.moved else 0 end,
         started_at = clock_timestamp()`,
      [perSecond],
    )
  })
}

/** Ids that are compared with their placement per call. */
const BATCH = 500
/** Longest call, so that a stop or another task need not wait. */
const MAX_CALL_MS = 5_000
/** Longer than any job takes from staging to publishing: a copy whose move broke off is then removed. */
const UNFINISHED_COPY = `interval '6 hours'`

type Stored = {
  readonly fingerprintId: number
  readonly libraryNumber: number
  readonly shard: string | null
}

export type MoveStep = { readonly moved: number; readonly isDone: boolean }

/**
 * Moves the next fingerprints that are not where they belong, at the rate of the move, for up to 5 s. Each is copied, then
 * the primary names the copy, and the old one is removed a minute later, so searches find it throughout. A move that broke
 * off continues where it was. One process at a time may call it; see `withShardLock`.
 */
export async function continueMove(
  db: Database,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<MoveStep> {
  const { rows } = await db.pool.query<Omit<Part, 'signal'>>(
    `select per_second as "perSecond", last_id as "lastId", moved_in_pass as "movedInPass", started_at::text as "startedAt"
     from shard_moves where ended_at is null`,
  )
  const [move] = rows
  if (move === undefined) return { moved: 0, isDone: true }
  try {
    return await movePart(db, { ...move, signal })
  } catch (error) {
    await db.pool.query('update shard_moves set problem = $1', [errorText(error)])
    if (error instanceof ShardUnavailable) return { moved: 0, isDone: false }
    throw error
  }
}

type Part = {
  readonly perSecond: number
  readonly lastId: string
  readonly movedInPass: string
  /** Another move may have replaced this one, with other ranges. */
  readonly startedAt: string
  readonly signal: AbortSignal | undefined
}

async function movePart(
  db: Database,
  { perSecond, lastId, movedInPass, startedAt, signal }: Part,
): Promise<MoveStep> {
  const placementFor = await readPlacements(db.pool)
  const { rows } = await db.pool.query<Omit<Stored, 'fingerprintId'> & { id: string }>(
    `select id, library_number as "libraryNumber", shard from fingerprints f
     where id > $1 and exists (select from videos v where v.fingerprint_id = f.id) order by id limit ${BATCH}`,
    [lastId],
  )
  const end = rows.at(-1)
  // A pass that moved nothing ends the move. Jobs may have stored by the old ranges meanwhile: what is still being
  // written is not moved.
  if (end === undefined) {
    const isDone = movedInPass === '0'
    await db.pool.query(
      `update shard_moves set last_id = 0, moved_in_pass = 0, problem = null,
         ended_at = case when $1 then clock_timestamp() end
       where started_at = $2::timestamptz`,
      [isDone, startedAt],
    )
    return { moved: 0, isDone }
  }
  const untilMs = performance.now() + MAX_CALL_MS
  let moved = 0
  for (const { id, libraryNumber, shard } of rows) {
    if (signal?.aborted || performance.now() >= untilMs) return { moved, isDone: false }
    const fingerprintId = Number(id)
    const to = placementFor(libraryNumber)[slotOf(fingerprintId)] ?? null
    if (to !== shard) {
      if (await moveFingerprint(db, { fingerprintId, libraryNumber, shard }, to)) moved++
      await delay(1_000 / perSecond, undefined, { signal }).catch(() => undefined)
    }
    if (to !== shard || id === end.id) {
      await db.pool.query(
        `update shard_moves set last_id = greatest(last_id, $1), moved = moved + $2, moved_in_pass = moved_in_pass + $2,
           problem = null
         where started_at = $3::timestamptz`,
        [id, to === shard ? 0 : 1, startedAt],
      )
    }
  }
  return { moved, isDone: false }
}

/** False if it was deleted meanwhile. */
async function moveFingerprint(db: Database, stored: Stored, to: string | null): Promise<boolean> {
  const { fingerprintId, libraryNumber, shard } = stored
  const source = await onServer(db, shard, async (server) => ({
    content: await readContent(server, fingerprintId),
    rows: await readIndexRows(server, stored),
  }))
  const { content, rows } = source
  if (content === null) return false
  if (to !== null) await prepareLibrary(db, { shard: to, libraryNumber })
  await noteUnfinishedCopy(db, stored, to)
  await onServer(db, to, async (target) => {
    // What an earlier move left.
    await deleteIndexRows(target.pool, stored)
    if (to !== null) {
      await target.pool.query('delete from fingerprints where id = $1', [fingerprintId])
      await insertFingerprint(target, { ...stored, ...content, shard: null })
    }
    await writeIndexRows(target, stored, rows)
  })
  return transaction(db, (client) => nameCopy(client, { ...stored, to, data: content.data }))
}

type Content = { readonly format: number; readonly indexVersion: number; readonly data: Buffer }

async function readContent({ pool }: Database, fingerprintId: number): Promise<Content | null> {
  const { rows } = await pool.query<Content>(
    'select format, index_version as "indexVersion", data from fingerprints where id = $1',
    [fingerprintId],
  )
  return rows[0] ?? null
}

/** Replaces what is to be removed of this fingerprint there, so that nothing removes the copy while it is made. */
async function noteUnfinishedCopy(
  db: Database,
  { fingerprintId, libraryNumber }: Stored,
  to: string | null,
): Promise<void> {
  await transaction(db, async (client) => {
    await forgetRemoval(client, { fingerprintId, shard: to })
    await client.query(
      `insert into shard_removals (shard, library_number, fingerprint_id, due_at)
       values ($1, $2, $3, clock_timestamp() + ${UNFINISHED_COPY})`,
      [to, libraryNumber, fingerprintId],
    )
  })
}

async function forgetRemoval(
  client: pg.PoolClient,
  { fingerprintId, shard }: Pick<Stored, 'fingerprintId' | 'shard'>,
): Promise<void> {
  await client.query(
    'delete from shard_removals where fingerprint_id = $1 and shard is not distinct from $2',
    [fingerprintId, shard],
  )
}

type Copied = Stored & { readonly to: string | null; readonly data: Buffer }

async function nameCopy(
  client: pg.PoolClient,
  { fingerprintId, libraryNumber, shard, to, data }: Copied,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update fingerprints set shard = $2, data = $3 where id = $1 and shard is not distinct from $4`,
    [fingerprintId, to, to === null ? data : Buffer.alloc(0), shard],
  )
  // Deleted meanwhile: the copy is removed like any other that is not needed.
  const old = rowCount === 1 ? shard : to
  await forgetRemoval(client, { fingerprintId, shard: to })
  await client.query(
    'insert into shard_removals (shard, library_number, fingerprint_id) values ($1, $2, $3)',
    [old, libraryNumber, fingerprintId],
  )
  return rowCount === 1
}
