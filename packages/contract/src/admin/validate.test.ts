import { Fault } from '@kinoprint/core'
import { describe, expect, test } from 'vitest'
import { adminRoutes } from './routes.ts'
import { validate } from './validate.ts'

const newLibrary = adminRoutes.createLibrary.body
const newKey = adminRoutes.createKey.body
const queueChanges = adminRoutes.updateQueue.body
const jobsQuery = adminRoutes.listJobs.query
const pageQuery = adminRoutes.listSessions.query

function messageOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof Fault && error.code === 'InvalidArgument') return error.message
    throw error
  }
  return ''
}

describe('bodies', () => {
  test('a new library needs a name and gets defaults for the rest', () => {
    expect(validate(newLibrary, { name: 'films' })).toEqual({
      name: 'films',
      description: '',
      capacity: 10_000,
      minSimilar: 0,
      detectOnStore: true,
      suppressDismissed: false,
      floodGuard: true,
      store: 'always',
    })
  })

  test('one message lists every invalid field of a body, including unknown ones', () => {
    const body = { name: '', capacity: 0.5, minSimilar: 101, bucket: '../x', colour: 'red' }
    const message = messageOf(() => validate(newLibrary, body))
    for (const field of Object.keys(body)) expect(message).toContain(field)
  })

  test('changes contain only the fields that were sent', () => {
    const libraryChanges = adminRoutes.updateLibrary.body
    expect(validate(libraryChanges, {})).toEqual({})
    expect(validate(libraryChanges, { minSimilar: 40 })).toEqual({ minSimilar: 40 })
    expect(validate(queueChanges, { notify: { state: 'Off' } })).toEqual({ notify: { state: 'Off' } })
  })

  test('a new key accepts known actions and valid bucket names only', () => {
    const key = { name: 'reader', actions: ['ci:DescribeMediaJob'], buckets: ['x-125'], libraries: ['Db1'] }
    expect(validate(newKey, key)).toEqual(key)
    expect(messageOf(() => validate(newKey, { ...key, actions: ['ci:All'] }))).toMatch(
      /^actions\.0: must be one of ci:CreateMediaJobs, ci:DescribeMediaJob, /,
    )
    for (const bucket of ['', '..', 'a..b', 'a/b', '.a', 'A']) {
      expect(
        messageOf(() => validate(newKey, { ...key, buckets: [bucket] })),
        bucket,
      ).toContain('buckets.0')
    }
  })

  test.each<[object, string]>([
    [{ name: '' }, 'name: must not be empty.'],
    [{}, 'name: is missing.'],
    [{ name: 7 }, 'name: must be a string.'],
    [{ name: 'x'.repeat(1000) }, 'name: must be at most 128 characters.'],
    [{ name: 'x', minSimilar: 200 }, 'minSimilar: must be at most 100.'],
    [{ name: 'x', minSimilar: -1 }, 'minSimilar: must be at least 0.'],
    [{ name: 'x', minSimilar: 1.5 }, 'minSimilar: must be a whole number.'],
  ])('the new library %j is refused with a plain message', (body, message) => {
    expect(messageOf(() => validate(newLibrary, body))).toBe(message)
  })

  test('a callback URL must be http or https', () => {
    const withUrl = (url: string) => () => validate(queueChanges, { notify: { url } })
    expect(messageOf(withUrl('https://h/x'))).toBe('')
    expect(messageOf(withUrl(''))).toBe('')
    expect(messageOf(withUrl('file:///etc/passwd'))).toContain('notify.url')
    expect(messageOf(withUrl('no'))).toContain('notify.url')
  })

  test.each([undefined, null, 7, 'x', []])('%j is not a body', (body) => {
    expect(messageOf(() => validate(newLibrary, body))).not.toBe('')
  })

  test('the NUL character is refused, which the database cannot store', () => {
    expect(messageOf(() => validate(newLibrary, { name: 'a\0b' }))).toContain('name')
    expect(messageOf(() => validate(adminRoutes.listObjects.query, { prefix: '\0' }))).toContain('prefix')
  })

  test('cancelling jobs needs a filter besides the states', () => {
    const body = adminRoutes.cancelJobs.body
    expect(messageOf(() => validate(body, { states: ['Submitted'] }))).toContain('at least one of bucket')
    expect(validate(body, { secretId: 'AKID1' })).toEqual({ secretId: 'AKID1' })
  })
})

describe('queries', () => {
  test('pages start at 1 and hold 20 items by default', () => {
    expect(validate(pageQuery, {})).toEqual({ page: 1, pageSize: 20 })
    expect(validate(pageQuery, { page: '3', pageSize: '100' })).toEqual({ page: 3, pageSize: 100 })
  })

  test.each([
    { page: '0' },
    { page: 'x' },
    { page: '1.5' },
    { pageSize: '101' },
    { page: ['1', '2'] },
    { page: {} },
  ])('the page %j is refused', (query) => {
    expect(messageOf(() => validate(pageQuery, query))).not.toBe('')
  })

  test('jobs are filtered by known states only', () => {
    expect(validate(jobsQuery, { state: 'Submitted,Pause', ruleType: 'GetFingerPrint' })).toMatchObject({
      state: ['Submitted', 'Pause'],
    })
    for (const state of ['Done', 'Failed,Done', 'Failed,'])
      expect(
        messageOf(() => validate(jobsQuery, { state })),
        state,
      ).toMatch(/^state: must be one or more of/)
  })

  test('a flag is off unless it is true or 1', () => {
    const flag = (force?: string) =>
      validate(adminRoutes.deleteLibrary.query, force === undefined ? {} : { force }).force
    expect([flag(), flag('false'), flag('0'), flag('')]).toEqual([false, false, false, false])
    expect([flag('true'), flag('1')]).toEqual([true, true])
    expect(messageOf(() => flag('maybe'))).toContain('force')
  })
})
