import { expect, test } from 'vitest'
import { eachOf } from './each-of.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('every item is worked on once, no more than so many at a time', async () => {
  const done: number[] = []
  let running = 0
  let most = 0
  await eachOf([1, 2, 3, 4, 5], { atOnce: 2 }, async (item) => {
    running++
    most = Math.max(most, running)
    await tick()
    running--
    done.push(item)
  })
  expect(done.sort()).toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})

test('a failure ends it without starting further items', async () => {
  const started: number[] = []
  const work = async (item: number): Promise<void> => {
    started.push(item)
    await tick()
    if (item === 1) throw new Error('broken')
  }
  await expect(eachOf([1, 2, 3, 4, 5, 6], { atOnce: 2 }, work)).rejects.toThrow('broken')
  expect(started.length).toBeLessThan(6)
})
