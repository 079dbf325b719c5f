import type { Database } from '@kinoprint/store'
import { expect, test, vi } from 'vitest'
import { createWorkCheck } from './waiting-work.ts'

const waiting = { comparisons: true, hashRequests: false, ignoredLookups: false, reindexing: false }

test('loops that look at the same time share one statement, and a later look asks again', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const look = vi.fn(async () => waiting)
  const isWaiting = createWorkCheck({} as Database, look)
  expect(await isWaiting('comparisons')).toBe(true)
  expect(await isWaiting('ignoredLookups')).toBe(false)
  expect(look).toHaveBeenCalledTimes(1)
  now.mockReturnValue(1500)
  expect(await isWaiting('reindexing')).toBe(false)
  expect(look).toHaveBeenCalledTimes(2)
  now.mockRestore()
})

test('a failed look is repeated', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const look = vi.fn(async () => waiting)
  look.mockRejectedValueOnce(new Error('The database is away.'))
  const isWaiting = createWorkCheck({} as Database, look)
  await expect(isWaiting('comparisons')).rejects.toThrow('away')
  now.mockReturnValue(1500)
  expect(await isWaiting('comparisons')).toBe(true)
  now.mockRestore()
})
