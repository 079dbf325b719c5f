import { expect, test } from 'vitest'
import { outlast } from './outlast.ts'

const away = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
const { signal } = new AbortController()

test('a short absence of the database is not noticed', async () => {
  let asked = 0
  const answer = await outlast(
    async () => {
      asked += 1
      if (asked < 3) throw away
      return 'there'
    },
    { limitMs: 10_000, signal },
  )
  expect([answer, asked]).toEqual(['there', 3])
})

test('a long absence, a stop and any other failure are told', async () => {
  await expect(outlast(() => Promise.reject(away), { limitMs: 0, signal })).rejects.toBe(away)
  const stopped = { limitMs: 10_000, signal: AbortSignal.abort() }
  await expect(outlast(() => Promise.reject(away), stopped)).rejects.toBe(away)
  const bug = new Error('a bug')
  await expect(outlast(() => Promise.reject(bug), { limitMs: 10_000, signal })).rejects.toBe(bug)
})
