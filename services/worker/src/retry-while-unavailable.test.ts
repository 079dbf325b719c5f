import { expect, test } from 'vitest'
import { retryWhileUnavailable } from './retry-while-unavailable.ts'

const unavailable = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
const { signal } = new AbortController()

test('work succeeds when the database is back within the limit', async () => {
  let calls = 0
  const result = await retryWhileUnavailable(
    async () => {
      calls += 1
      if (calls < 3) throw unavailable
      return 'done'
    },
    { limitMs: 10_000, signal },
  )
  expect([result, calls]).toEqual(['done', 3])
})

test('the error is thrown after the limit, after an abort, and if it is not a lost connection', async () => {
  const fails = (error: Error) => () => Promise.reject(error)
  await expect(retryWhileUnavailable(fails(unavailable), { limitMs: 0, signal })).rejects.toBe(unavailable)
  const aborted = { limitMs: 10_000, signal: AbortSignal.abort() }
  await expect(retryWhileUnavailable(fails(unavailable), aborted)).rejects.toBe(unavailable)
  const bug = new Error('a bug')
  await expect(retryWhileUnavailable(fails(bug), { limitMs: 10_000, signal })).rejects.toBe(bug)
})
