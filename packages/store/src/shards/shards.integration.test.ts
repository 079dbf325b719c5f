import type { CandidateHit } from '@kinoprint/dna'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { deleteLibrary } from '../libraries.ts'
import { countDanglingRows, removeDanglingRows } from '../maintenance/consistency.ts'
import { hashes, newLibrary, stage, storeVideo, withNoise } from '../samples.fixture.ts'
import { findCandidates } from '../search-index/find-candidates.ts'
import { lengthenIndexes } from '../search-index/lengthen-index.ts'
import { nearestNeighbours } from '../search-index/nearest-neighbours.ts'
import { loadFingerprints } from '../videos/fingerprints.ts'
import { deleteVideo } from '../videos/videos.ts'
import { prepareLibrary } from './choose-home.ts'
import { continueMove, startMove } from './move-fingerprints.ts'
import { addShard, readShardMap, removeShard } from './registry.ts'
import { removeOldCopies, sweepShard } from './removals.ts'
import { openSharded, type ShardedDatabase, type TestShard } from './shards.fixture.ts'
import { missingShards, ShardUnavailable, toleratingShards } from './shards.ts'

const names = ['s1', 's2', 's3']
let sharded: ShardedDatabase
let db: Database
beforeAll(async () => {
  sharded = await openSharded(names)
  db = sharded.db
  for (const name of names) await addShard(db, name)
})
afterAll(() => sharded.close())

const films = Array.from({ length: 40 }, (_, n) => ({
  object: `${n}.mp4`,
  video: hashes(30),
  audio: hashes(20, 2_000),
}))

async function newFilms(dnaDbId: string, count = films.length): Promise<string[]> {
  const ids: string[] = []
  for (const film of films.slice(0, count)) ids.push((await storeVideo(db, dnaDbId, film)).videoId)
  return ids
}

async function moveAll(to: readonly string[], dnaDbId: string): Promise<void> {
  await startMove(db, { to, dnaDbId, perSecond: 10_000 })
  while (!(await continueMove(db)).isDone);
}

const query = {
  video: films.flatMap(({ video }) =>
    video.slice(0, 3).map(({ hash }) => ({ timeMs: 0, hash: withNoise(hash, 30) })),
  ),
  audio: films.flatMap(({ audio }) =>
    audio.slice(0, 3).map(({ hash }) => ({ timeMs: 0, hash: withNoise(hash, 40) })),
  ),
}

/** What a search finds, in an order that does not depend on servers. */
async function candidates(
  reading: Database,
  dnaDbId: string,
  minIndexedRows = 10_000,
): Promise<CandidateHit[]> {
  const found = await findCandidates(reading, { dnaDbId, ...query, perHash: 40, minIndexedRows })
  return found.sort((a, b) => key(a).localeCompare(key(b)))
}

function key({ kind, videoId, queryMs, refMs, distance }: CandidateHit): string {
  return `${kind} ${videoId} ${queryMs} ${refMs} ${distance}`
}

function fingerprintsOn({ db: { pool } }: TestShard): Promise<number> {
  return pool.query('select from fingerprints').then(({ rowCount }) => rowCount ?? 0)
}

function shardNamed(name: string): TestShard {
  const found = sharded.shards.find((shard) => shard.name === name)
  if (found === undefined) throw new Error(`There is no shard ${name}.`)
  return found
}

async function makeRemovalsDue(): Promise<void> {
  await db.pool.query(
    `update shard_removals set due_at = clock_timestamp() where due_at < clock_timestamp() + interval '1 hour'`,
  )
}

test.each([
  ['row by row', 10_000],
  ['bucket by bucket', 50],
])('three shards yield the same candidates as one database, %s', async (_, minIndexedRows) => {
  const { dnaDbId } = await newLibrary(db)
  await newFilms(dnaDbId)
  const alone = await candidates(db, dnaDbId, minIndexedRows)
  expect(alone.length).toBeGreaterThan(200)
  await moveAll(names, dnaDbId)
  const map = await readShardMap(db)
  for (const { fingerprints, libraries, problem } of map.shards) {
    expect(problem).toBeNull()
    expect(fingerprints).toBeGreaterThan(5)
    expect(libraries).toBeGreaterThan(0)
  }
  await makeRemovalsDue()
  await removeOldCopies(db)
  const rows = await db.pool.query(`select from frame_index`)
  expect(rows.rowCount).toBe(0)
  // The number of buckets depends on the size of the tables, which shrink after a vacuum.
  await db.pool.query('vacuum frame_index, audio_index')
  expect(await candidates(db, dnaDbId, minIndexedRows)).toEqual(alone)
  await sharded.shards[0]?.db.pool.query('analyze')
  expect((await readShardMap(db)).shards[0]?.indexRows).toBeGreaterThan(100)
  // On all shards, which searches would otherwise not use.
  const built = await lengthenIndexes(db, { minRows: 1 })
  expect(new Set(built.map(({ shard }) => shard))).toEqual(new Set(names))
  const exact = films.flatMap(({ video }) => video.slice(0, 1))
  const long = { dnaDbId, video: exact, audio: [], perHash: 1, minIndexedRows: 50, rowsPerBucket: 2 ** -18 }
  const found = await findCandidates(db, long)
  expect(found.map(({ distance }) => distance)).toEqual(films.map(() => 0))
  await deleteLibrary(db, dnaDbId, { force: true })
})

test('new videos go to the shards of their library, and their fingerprints are read from there', async () => {
  const { dnaDbId } = await newLibrary(db)
  await moveAll(['s1', 's2'], dnaDbId)
  const before = await Promise.all(sharded.shards.map(fingerprintsOn))
  const videoIds = await newFilms(dnaDbId, 12)
  const after = await Promise.all(sharded.shards.map(fingerprintsOn))
  const added = after.map((count, n) => count - (before[n] ?? 0))
  expect(added[2]).toBe(0)
  expect((added[0] ?? 0) + (added[1] ?? 0)).toBe(12)
  expect(added[0]).toBeGreaterThan(0)
  const loaded = await loadFingerprints(db, { dnaDbId, videoIds })
  expect([...loaded.values()].map(({ data }) => data.length)).toEqual(videoIds.map(() => 64))
  const own = await db.pool.query<{ bytes: number }>('select max(length(data)) as bytes from fingerprints')
  expect(own.rows[0]?.bytes).toBe(0)
})

test('a search without one of its shards fails, or finds what the others know and names the shard', async () => {
  const { dnaDbId } = await newLibrary(db)
  await moveAll(names, dnaDbId)
  const videoIds = await newFilms(dnaDbId, 20)
  const all = await candidates(db, dnaDbId)
  const dead = shardNamed('s2')
  await dead.cutOff()
  try {
    await expect(candidates(db, dnaDbId)).rejects.toThrow(/^Shard s2 cannot be used/)
    await expect(loadFingerprints(db, { dnaDbId, videoIds })).rejects.toThrow(ShardUnavailable)
    const tolerating = toleratingShards(db)
    const some = await candidates(tolerating, dnaDbId)
    expect(missingShards(tolerating)).toEqual(['s2'])
    expect(missingShards(db)).toEqual([])
    const loaded = await loadFingerprints(tolerating, { dnaDbId, videoIds })
    expect(loaded.size).toBeGreaterThan(0)
    expect(loaded.size).toBeLessThan(videoIds.length)
    expect(some).toEqual(all.filter(({ videoId }) => loaded.has(videoId)))
    const map = await readShardMap(db)
    expect(map.shards.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual(['s2'])
  } finally {
    await dead.comeBack()
  }
  expect(await candidates(db, dnaDbId)).toEqual(all)
})

test('a shard that hangs, before a search or in the middle of one, counts as away until it answers again', async () => {
  const { dnaDbId } = await newLibrary(db)
  await moveAll(names, dnaDbId)
  await newFilms(dnaDbId, 20)
  const all = await candidates(db, dnaDbId)
  const { rows } = await db.pool.query<{ number: number }>(
    'select number from libraries where dna_db_id = $1',
    [dnaDbId],
  )
  const asked = { kind: 'video', libraryNumber: rows[0]?.number ?? 0, keyBits: null, shards: names } as const
  const rest = { buckets: { from: 0, to: 1 }, hashes: query.video.slice(0, 60) }
  const neighbours = async (reading: Database) =>
    (await nearestNeighbours(reading, { ...asked, ...rest }, 40)).flat().length
  const impatient = await sharded.another({ answerMs: 4_000 })
  const before = await neighbours(impatient)
  const stopped = shardNamed('s2')
  stopped.hang()
  try {
    // As after the shard was found in order: only PL/Proxy notices.
    const inTheMiddle = toleratingShards(impatient)
    const found = await neighbours(inTheMiddle)
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(before)
    expect(missingShards(inTheMiddle)).toEqual(['s2'])
    const tolerating = toleratingShards(impatient)
    const some = await candidates(tolerating, dnaDbId)
    expect(missingShards(tolerating)).toEqual(['s2'])
    expect(some.length).toBeGreaterThan(0)
    expect(all).toEqual(expect.arrayContaining(some))
    const [, { problem = '' } = {}] = (await readShardMap(impatient)).shards
    expect(problem).toBe('It accepts connections but does not answer.')
  } finally {
    await stopped.comeBack()
  }
  expect(await candidates(impatient, dnaDbId)).toEqual(all)
})

test('while a shard is away, new videos go to the others, or wait if that is set', async () => {
  const { dnaDbId } = await newLibrary(db)
  const waiting = await sharded.another({ whenAway: 'wait' })
  await moveAll(['s1', 's3'], dnaDbId)
  const [dead, other] = [shardNamed('s3'), shardNamed('s1')]
  await dead.cutOff()
  try {
    const before = await fingerprintsOn(other)
    await newFilms(dnaDbId, 8)
    expect(await fingerprintsOn(other)).toBe(before + 8)
    let waits = 0
    for (let n = 0; n < 12; n++)
      await stage(waiting, dnaDbId).catch((error: unknown) => {
        expect(error).toBeInstanceOf(ShardUnavailable)
        waits++
      })
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThan(12)
  } finally {
    await dead.comeBack()
  }
  await stage(waiting, dnaDbId)
})

test('a library alone on a shard that is away cannot take videos', async () => {
  const { dnaDbId } = await newLibrary(db)
  await moveAll(['s3'], dnaDbId)
  await shardNamed('s3').cutOff()
  try {
    await expect(stage(db, dnaDbId)).rejects.toThrow(/^Shard s3 cannot be used/)
  } finally {
    await shardNamed('s3').comeBack()
  }
})

test('searches find every video while it moves there and back', async () => {
  const { dnaDbId } = await newLibrary(db)
  await newFilms(dnaDbId, 20)
  const before = await candidates(db, dnaDbId)
  for (const to of [['s1', 's2', 's3'], ['s2', 'primary'], ['primary']]) {
    let moving = true
    const move = moveAll(to, dnaDbId).finally(() => {
      moving = false
    })
    while (moving) expect(await candidates(db, dnaDbId)).toEqual(before)
    await move
    expect(await candidates(db, dnaDbId)).toEqual(before)
  }
  await makeRemovalsDue()
  await removeOldCopies(db)
  expect(await candidates(db, dnaDbId)).toEqual(before)
})

test('a move that breaks off continues where it was, also when a shard was away', async () => {
  const { dnaDbId } = await newLibrary(db)
  await newFilms(dnaDbId, 15)
  const before = await candidates(db, dnaDbId)
  await startMove(db, { to: ['s1'], dnaDbId, perSecond: 10_000 })
  await shardNamed('s1').cutOff()
  try {
    expect(await continueMove(db)).toEqual({ moved: 0, isDone: false })
    expect((await readShardMap(db)).move?.problem).toMatch(/^Shard s1 cannot be used/)
  } finally {
    await shardNamed('s1').comeBack()
  }
  // What a process that died between the copy and the change of name leaves.
  const { rows } = await db.pool.query<{ id: string; number: number }>(
    `select f.id, f.library_number as number from fingerprints f join libraries l on l.number = f.library_number
     where l.dna_db_id = $1 order by f.id limit 1`,
    [dnaDbId],
  )
  const [{ id = '', number = 0 } = {}] = rows
  await prepareLibrary(db, { shard: 's1', libraryNumber: number })
  await shardNamed('s1').db.pool.query(
    `insert into fingerprints (id, library_number, format, data) overriding system value values ($1, $2, 1, 'half')`,
    [id, number],
  )
  while (!(await continueMove(db)).isDone);
  const { move } = await readShardMap(db)
  expect(move).toMatchObject({ moved: 15, problem: null, progress: 1 })
  expect(await candidates(db, dnaDbId)).toEqual(before)
})

test('what the primary does not name counts for nothing and is swept', async () => {
  const { dnaDbId } = await newLibrary(db)
  await moveAll(['s1'], dnaDbId)
  const [videoId = ''] = await newFilms(dnaDbId, 1)
  const shard = shardNamed('s1')
  await sweepShard(db, 's1', { olderThanMs: 0 })
  await makeRemovalsDue()
  await removeOldCopies(db)
  const before = await fingerprintsOn(shard)
  await shard.db.pool.query(
    `insert into fingerprints (id, library_number, format, data) overriding system value
     select 1000000, library_number, 1, 'orphan' from fingerprints order by id desc limit 1`,
  )
  const { rowCount } = await shard.db.pool.query(
    `insert into frame_index (library_number, fingerprint_id, time_ms, hash)
     select library_number, 1000000, 0, hash from frame_index
     where library_number = (select library_number from fingerprints where id = 1000000) limit 1`,
  )
  expect(rowCount).toBe(1)
  // A row whose fingerprint not even the shard has.
  await shard.db.pool.query(
    `insert into frame_index (library_number, fingerprint_id, time_ms, hash)
     select library_number, 2000000, 0, hash from frame_index where fingerprint_id = 1000000`,
  )
  expect(await countDanglingRows(db)).toBe(0)
  expect(await countDanglingRows(db, 's1')).toBe(1)
  expect(await removeDanglingRows(db, 's1')).toBe(1)
  const found = await candidates(db, dnaDbId)
  expect(new Set(found.map((hit) => hit.videoId))).toEqual(new Set([videoId]))
  expect(await sweepShard(db, 's1', { olderThanMs: 0, remove: false })).toBe(1)
  expect(await sweepShard(db, 's1', { olderThanMs: 0 })).toBe(1)
  await removeOldCopies(db)
  expect(await fingerprintsOn(shard)).toBe(before)
})

test('a deleted video or library leaves its shard, also when that was away', async () => {
  const { dnaDbId } = await newLibrary(db)
  const { dnaDbId: other } = await newLibrary(db)
  for (const library of [dnaDbId, other]) await moveAll(['s2'], library)
  const [videoId = ''] = await newFilms(dnaDbId, 2)
  await newFilms(other, 3)
  const shard = shardNamed('s2')
  const before = await fingerprintsOn(shard)
  await shard.cutOff()
  try {
    await deleteVideo(db, { dnaDbId, videoId })
    await deleteLibrary(db, other, { force: true })
    await makeRemovalsDue()
    await removeOldCopies(db)
    expect(await fingerprintsOn(shard)).toBe(before)
  } finally {
    await shard.comeBack()
  }
  await removeOldCopies(db)
  expect(await fingerprintsOn(shard)).toBe(before - 4)
  const { rowCount } = await shard.db.pool.query('select from libraries where dna_db_id = $1', [other])
  expect(rowCount).toBe(0)
})

test('a shard is forgotten once nothing is or belongs there', async () => {
  const alone = await openSharded(['s1'])
  try {
    await addShard(alone.db, 's1')
    const { dnaDbId } = await newLibrary(alone.db)
    await storeVideo(alone.db, dnaDbId)
    const moveTo = async (to: string) => {
      await startMove(alone.db, { to: [to], perSecond: 10_000 })
      while (!(await continueMove(alone.db)).isDone);
    }
    await moveTo('s1')
    await expect(removeShard(alone.db, 's1')).rejects.toThrow('Fingerprints belong on shard s1.')
    await startMove(alone.db, { to: ['primary'] })
    await expect(removeShard(alone.db, 's1')).rejects.toThrow('Fingerprints are still on shard s1.')
    await moveTo('primary')
    await removeShard(alone.db, 's1')
    expect((await readShardMap(alone.db)).shards).toEqual([])
    await expect(removeShard(alone.db, 's1')).rejects.toThrow('There is no shard s1.')
  } finally {
    await alone.close()
  }
})

test('a server is refused as a shard if it is the primary, another shard or not empty', async () => {
  const foreign = await openSharded(['s1'])
  try {
    await newLibrary(foreign.shards[0]?.db ?? db).catch(() => undefined)
    await expect(addShard(foreign.db, 's9')).rejects.toThrow('SHARD_URLS does not name s9.')
    await addShard(foreign.db, 's1')
    await addShard(foreign.db, 's1')
    await foreign.shards[0]?.db.pool.query(`update installation set shard = 's2'`)
    await expect(addShard(foreign.db, 's1')).rejects.toThrow('This server is the shard s2 already.')
    await foreign.shards[0]?.db.pool.query(`update installation set shard = 's1', id = gen_random_uuid()`)
    await expect(addShard(foreign.db, 's1')).rejects.toThrow('The server belongs to another installation.')
    const reading = await foreign.another()
    expect((await readShardMap(reading)).shards[0]?.problem).toMatch(/another database than the one/)
  } finally {
    await foreign.close()
  }
})
