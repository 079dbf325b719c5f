import { DEFAULT_POLICY } from '@kinoprint/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { createLibrary, deleteLibrary, getLibrary, listLibraries, updateLibrary } from './libraries.ts'
import { newLibrary, storeVideo } from './samples.fixture.ts'

describe.each(backends)('libraries on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('a new library has the defaults of the Tencent API', async () => {
    const library = await newLibrary(database.db)
    expect(library).toMatchObject({
      dnaDbId: expect.stringMatching(/^Db[0-9a-f]{32}$/),
      description: '',
      capacity: 10_000,
      minSimilar: 0,
      detectOnStore: true,
      storeDetail: 'full',
      videoCount: 0,
      totalSeconds: 0,
    })
    expect(library.createdAt).toBeInstanceOf(Date)
    expect(await getLibrary(database.db, library.dnaDbId)).toEqual(library)
  })

  test('a library with an existing id is refused', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const again = createLibrary(database.db, { name: 'again', bucket: 'b-1', region: 'local', dnaDbId })
    await expect(again).rejects.toMatchObject({ code: 'Conflict' })
  })

  test('libraries are listed by page, by id and by key policy', async () => {
    const created = [
      await newLibrary(database.db),
      await newLibrary(database.db),
      await newLibrary(database.db),
    ]
    const ids = created.map(({ dnaDbId }) => dnaDbId)
    const page = await listLibraries(database.db, { ids, page: 2, pageSize: 2 })
    expect(page).toEqual({ items: created.slice(2), total: 3, page: 2, pageSize: 2 })
    const allowed = await listLibraries(database.db, { ids, libraries: [ids[1] ?? '', 'Db0'] })
    expect(allowed.items.map(({ dnaDbId }) => dnaDbId)).toEqual([ids[1]])
    expect((await listLibraries(database.db, { libraries: [] })).total).toBe(0)
  })

  test('libraries are found by part of their name in any case, or by their id, and listed by name', async () => {
    const late = await newLibrary(database.db, { name: 'Zoo of 100% wool' })
    const early = await newLibrary(database.db, { name: 'a zoo' })
    const found = async (q: string, order?: 'name' | 'newest') =>
      (await listLibraries(database.db, { q, order })).items.map(({ dnaDbId }) => dnaDbId)
    expect(await found('ZOO')).toEqual([late.dnaDbId, early.dnaDbId])
    expect(await found('zoo', 'name')).toEqual([early.dnaDbId, late.dnaDbId])
    expect(await found('zoo', 'newest')).toEqual([early.dnaDbId, late.dnaDbId])
    expect(await found('100%')).toEqual([late.dnaDbId])
    expect(await found('%')).toEqual([late.dnaDbId])
    expect(await found(early.dnaDbId)).toEqual([early.dnaDbId])
    expect(await found('zoo_')).toEqual([])
  })

  test('only one of several concurrent libraries gets a unique name, and existing duplicates are kept', async () => {
    const first = await newLibrary(database.db, { name: 'double' })
    await newLibrary(database.db, { name: 'double' })
    const requests = Array.from({ length: 6 }, () =>
      newLibrary(database.db, { name: 'own', nameMustBeUnique: true }),
    )
    const outcomes = await Promise.allSettled(requests)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const conflict = expect.objectContaining({ code: 'Conflict' })
    await expect(newLibrary(database.db, { name: 'double', nameMustBeUnique: true })).rejects.toThrow(
      conflict,
    )
    const change = { name: 'own', nameMustBeUnique: true }
    await expect(updateLibrary(database.db, first.dnaDbId, change)).rejects.toThrow(conflict)
    expect(await updateLibrary(database.db, first.dnaDbId, { capacity: 5 })).toMatchObject({ name: 'double' })
  })

  test('a policy keeps its other fields when some change, and none that contradicts itself is written', async () => {
    const { dnaDbId } = await newLibrary(database.db, { policy: { minSeconds: 3, reviewFrom: 0.4 } })
    const changed = await updateLibrary(database.db, dnaDbId, { policy: { tracks: 'both', minSeconds: 5 } })
    const policy = { ...DEFAULT_POLICY, minSeconds: 5, reviewFrom: 0.4, tracks: 'both' }
    expect(changed?.policy).toEqual(policy)
    const refused = expect.objectContaining({ code: 'InvalidArgument' })
    for (const wrong of [{ reviewFrom: 0.5 }, { keepFrom: 0.41 }])
      await expect(updateLibrary(database.db, dnaDbId, { policy: wrong })).rejects.toThrow(refused)
    await expect(newLibrary(database.db, { policy: { keepFrom: 0.9 } })).rejects.toThrow(refused)
    expect(await getLibrary(database.db, dnaDbId)).toMatchObject({ policy })
  })

  test('an update changes only the fields it contains', async () => {
    const library = await newLibrary(database.db, { description: 'old', minSimilar: 10 })
    const changed = await updateLibrary(database.db, library.dnaDbId, {
      minSimilar: 50,
      detectOnStore: false,
      storeDetail: 'keyframes',
    })
    expect(changed).toMatchObject({
      description: 'old',
      minSimilar: 50,
      detectOnStore: false,
      storeDetail: 'keyframes',
    })
    expect(await updateLibrary(database.db, 'Db0', { name: 'x' })).toBeNull()
  })

  test('a library with videos is deleted only with `force`, together with its index', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { videoId } = await storeVideo(database.db, dnaDbId)
    await expect(deleteLibrary(database.db, dnaDbId)).rejects.toMatchObject({ code: 'Conflict' })
    const before = await partitions(database)
    expect(await deleteLibrary(database.db, dnaDbId, { force: true })).toEqual([videoId])
    expect(await getLibrary(database.db, dnaDbId)).toBeNull()
    expect(await partitions(database)).toBe(before - 4)
    expect(await deleteLibrary(database.db, dnaDbId)).toBeNull()
  })
})

async function partitions({ db }: TestDatabase): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::int as count from pg_inherits where inhparent in
       ('frame_index'::regclass, 'audio_index'::regclass, 'keypoint_index'::regclass, 'landmark_index'::regclass)
       and exists (select from pg_class c where c.oid = inhrelid and c.relkind = 'r')`,
  )
  return rows[0]?.count ?? -1
}
