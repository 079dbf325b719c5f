import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { containsCondition } from './contains-pattern.ts'
import { backends, type TestDatabase } from './databases.fixture.ts'

const NAMES = [
  'Über den Dächern.mp4',
  'ФИЛЬМ.mp4',
  'фильм 2.mp4',
  '預告片.mp4',
  'plain 100%.mp4',
  'Plain_100.mp4',
]

describe.each(backends)('a text search on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test.each([
    ['ÜBER', [0]],
    ['über DEN dÄch', [0]],
    ['фИЛЬм', [1, 2]],
    ['фильм 2', [2]],
    ['預告', [3]],
    ['PLAIN', [4, 5]],
    ['100%', [4]],
    ['n_1', [5]],
    ['фильмы', []],
    ['ü', [0]],
  ])('for %s finds the names that contain it in any case', async (text, found) => {
    const values: unknown[] = [NAMES]
    const condition = containsCondition('name', text, (value) => `$${values.push(value)}`)
    const { rows } = await database.db.pool.query<{ name: string }>(
      `select name from unnest($1::text[]) with ordinality listed (name, at) where ${condition} order by at`,
      values,
    )
    expect(rows.map(({ name }) => NAMES.indexOf(name))).toEqual(found)
  })
})
