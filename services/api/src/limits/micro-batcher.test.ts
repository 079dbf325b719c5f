import { Fault } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { createMicroBatcher } from './micro-batcher.ts'

test('items that arrive together form a batch, and those that arrive while it runs form the next, in order', async () => {
  const batches: (readonly number[])[] = []
  const waiting: (() => void)[] = []
  const { add } = createMicroBatcher<number, number>({
    maxBatchSize: 3,
    concurrency: 1,
    waitMs: 5_000,
    runBatch: async (items) => {
      batches.push(items)
      await new Promise<void>((resolve) => waiting.push(resolve))
      return items.map((item) => 10 * item)
    },
  })
  const first = [1, 2].map(add)
  await expect.poll(() => waiting.length).toBe(1)
  const done = Promise.all([...first, ...[3, 4, 5, 6].map(add)])
  for (let n = 0; n < 3; n++) {
    await expect.poll(() => waiting.length).toBe(n + 1)
    waiting[n]?.()
  }
  expect(await done).toEqual([10, 20, 30, 40, 50, 60])
  expect(batches).toEqual([[1, 2], [3, 4, 5], [6]])
})

test('`concurrency` batches run at once, each with the items that arrived before it started', async () => {
  const batches: (readonly string[])[] = []
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const { add } = createMicroBatcher<string, string>({
    maxBatchSize: 3,
    concurrency: 2,
    waitMs: 5_000,
    runBatch: async (items) => {
      batches.push(items)
      await ended
      return items
    },
  })
  const done: Promise<string>[] = []
  for (const item of ['a', 'b', 'c', 'd']) {
    done.push(add(item))
    await new Promise(setImmediate)
  }
  expect(batches).toEqual([['a'], ['b']])
  end()
  expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd'])
  expect(batches).toEqual([['a'], ['b'], ['c', 'd']])
})

test('an item that waits too long gets SlowDown and is not processed', async () => {
  const worked: string[] = []
  let end = () => {}
  const { add } = createMicroBatcher<string, string>({
    maxBatchSize: 3,
    concurrency: 1,
    waitMs: 20,
    runBatch: async (items) => {
      worked.push(...items)
      await new Promise<void>((resolve) => {
        end = resolve
      })
      return items
    },
  })
  const first = add('first')
  await expect.poll(() => worked.length).toBe(1)
  await expect(add('late')).rejects.toMatchObject({ code: 'SlowDown' })
  end()
  expect(await first).toBe('first')
  expect(worked).toEqual(['first'])
})

test('a failing item does not fail the others in its batch', async () => {
  const { add } = createMicroBatcher<string, string>({
    maxBatchSize: 9,
    concurrency: 1,
    waitMs: 5_000,
    runBatch: async (items) => {
      if (items.includes('bad')) throw new Error('a bug')
      return items.map((item) => (item === 'full' ? new Fault('QueueSaturated', 'Full.') : item))
    },
  })
  const outcomes = await Promise.allSettled(['good', 'bad', 'full', 'fine'].map(add))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(outcomes[2]).toMatchObject({ reason: { code: 'QueueSaturated' } })
})

test('clients take turns, so the waiting items of one client do not delay another', {
  tags: ['fair-requests'],
}, async () => {
  const batches: (readonly string[])[] = []
  const { add } = createMicroBatcher<string, string>({
    clientOf: (item) => item.slice(0, 1),
    maxBatchSize: 2,
    concurrency: 1,
    waitMs: 5_000,
    runBatch: async (items) => {
      batches.push(items)
      return items
    },
  })
  await Promise.all(['a1', 'a2', 'a3', 'a4', 'a5', 'b1'].map(add))
  expect(batches[0]).toEqual(['a1', 'b1'])
})
