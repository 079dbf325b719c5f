import { Fault } from '@kinoprint/core'
import { describe, expect, test } from 'vitest'
import { pageQuerySchema } from './fields.ts'
import { adminJobsQuerySchema } from './jobs.ts'
import { newKeySchema } from './keys.ts'
import { deleteLibraryQuerySchema, libraryChangesSchema, newLibrarySchema } from './libraries.ts'
import { objectsQuerySchema } from './objects.ts'
import { parseAdmin } from './parse.ts'
import { queueChangesSchema } from './queues.ts'

const messageOf = (parse: () => unknown): string => {
  try {
    parse()
  } catch (error) {
    if (error instanceof Fault && error.code === 'InvalidArgument') return error.message
    throw error
  }
  return ''
}

describe('bodies', () => {
  test('a library needs a name and has defaults for the rest', () => {
    expect(parseAdmin(newLibrarySchema, { name: 'films' })).toEqual({
      name: 'films',
      description: '',
      capacity: 10_000,
      minSimilar: 0,
      detectOnStore: true,
    })
  })

  test('everything that is wrong is listed at once, unknown fields too', () => {
    const message = messageOf(() =>
      parseAdmin(newLibrarySchema, {
        name: '',
        capacity: 0.5,
        minSimilar: 101,
        bucket: '../x',
        colour: 'red',
      }),
    )
    for (const field of ['name', 'capacity', 'minSimilar', 'bucket', 'colour']) {
      expect(message).toContain(field)
    }
  })

  test('a change holds only what is to change', () => {
    expect(parseAdmin(libraryChangesSchema, {})).toEqual({})
    expect(parseAdmin(libraryChangesSchema, { minSimilar: 40 })).toEqual({ minSimilar: 40 })
    expect(parseAdmin(queueChangesSchema, { notify: { state: 'Off' } })).toEqual({ notify: { state: 'Off' } })
  })

  test('a key names known actions and real names of buckets', () => {
    const key = { name: 'reader', actions: ['ci:DescribeMediaJob'], buckets: ['x-125'], libraries: ['Db1'] }
    expect(parseAdmin(newKeySchema, key)).toEqual(key)
    expect(messageOf(() => parseAdmin(newKeySchema, { ...key, actions: ['ci:All'] }))).toContain('actions.0')
    for (const bucket of ['', '..', 'a..b', 'a/b', '.a', 'A']) {
      expect(
        messageOf(() => parseAdmin(newKeySchema, { ...key, buckets: [bucket] })),
        bucket,
      ).toContain('buckets.0')
    }
  })

  test.each<[object, string]>([
    [{ name: '' }, 'name: must not be empty.'],
    [{}, 'name: is missing.'],
    [{ name: 7 }, 'name: must be a text.'],
    [{ name: 'x'.repeat(1000) }, 'name: must be at most 128 characters.'],
    [{ name: 'x', minSimilar: 200 }, 'minSimilar: must be at most 100.'],
    [{ name: 'x', minSimilar: -1 }, 'minSimilar: must be at least 0.'],
    [{ name: 'x', minSimilar: 1.5 }, 'minSimilar: must be a whole number.'],
  ])('the library %j is refused in plain words', (body, message) => {
    expect(messageOf(() => parseAdmin(newLibrarySchema, body))).toBe(message)
  })

  test('an unknown action is refused in plain words, with those that are known', () => {
    const key = { name: 'reader', actions: ['ci:All'], buckets: ['x-125'], libraries: ['Db1'] }
    const message = messageOf(() => parseAdmin(newKeySchema, key))
    expect(message).toMatch(/^actions\.0: must be one of ci:CreateMediaJobs, ci:DescribeMediaJob, /)
  })

  test('a callback goes to http and https only', () => {
    const withUrl = (url: string) => () => parseAdmin(queueChangesSchema, { notify: { url } })
    expect(messageOf(withUrl('https://h/x'))).toBe('')
    expect(messageOf(withUrl(''))).toBe('')
    expect(messageOf(withUrl('file:///etc/passwd'))).toContain('notify.url')
    expect(messageOf(withUrl('no'))).toContain('notify.url')
  })

  test.each([undefined, null, 7, 'x', []])('the body %j is none', (body) => {
    expect(messageOf(() => parseAdmin(newLibrarySchema, body))).not.toBe('')
  })

  test('a character that the database cannot hold is refused', () => {
    expect(messageOf(() => parseAdmin(newLibrarySchema, { name: 'a\0b' }))).toContain('name')
    expect(messageOf(() => parseAdmin(objectsQuerySchema, { prefix: '\0' }))).toContain('prefix')
  })
})

describe('queries', () => {
  test('pages count from 1 and hold 20', () => {
    expect(parseAdmin(pageQuerySchema, {})).toEqual({ page: 1, pageSize: 20 })
    expect(parseAdmin(pageQuerySchema, { page: '3', pageSize: '100' })).toEqual({ page: 3, pageSize: 100 })
  })

  test.each([
    { page: '0' },
    { page: 'x' },
    { page: '1.5' },
    { pageSize: '101' },
    { page: ['1', '2'] },
    { page: {} },
  ])('the page %j is refused', (query) => {
    expect(messageOf(() => parseAdmin(pageQuerySchema, query))).not.toBe('')
  })

  test('jobs are filtered by what they can be', () => {
    expect(parseAdmin(adminJobsQuerySchema, { state: 'Failed', ruleType: 'GetFingerPrint' })).toMatchObject({
      state: 'Failed',
    })
    expect(messageOf(() => parseAdmin(adminJobsQuerySchema, { state: 'Done' }))).toContain('state')
  })

  test('a flag is off unless it says true', () => {
    const flag = (force?: string) =>
      parseAdmin(deleteLibraryQuerySchema, force === undefined ? {} : { force }).force
    expect([flag(), flag('false'), flag('0'), flag(''), flag('true'), flag('1')]).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ])
    expect(messageOf(() => flag('maybe'))).toContain('force')
  })
})
