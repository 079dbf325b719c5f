import { expect, test } from 'vitest'
import { runConcurrently } from './run-concurrently.ts'

type Work = { readonly end: (value: number) => void; readonly fail: (error: Error) => void }

/** Works that note when they begin and end when they are told. */
const worksOf = (count: number, onStop: (work: number) => void) => {
  const begun: number[] = []
  const works: Work[] = []
  const run = Array.from({ length: count }, (_, n) => async (signal: AbortSignal) => {
    begun.push(n)
    signal.addEventListener('abort', () => onStop(n))
    return new Promise<number>((end, fail) => {
      works[n] = { end, fail }
    })
  })
  return { begun, works, run }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('tasks start up to the concurrency limit, and none runs far ahead of a slow one', async () => {
  const { begun, works, run } = worksOf(5, () => expect.fail('Nothing has failed.'))
  const all = runConcurrently(run, { concurrency: 2 })
  await turn()
  expect(begun).toEqual([0, 1])
  works[1]?.end(1)
  await turn()
  expect(begun).toEqual([0, 1, 2])
  works[2]?.end(2)
  await turn()
  expect(begun).toEqual([0, 1, 2])
  works[0]?.end(0)
  await turn()
  expect(begun).toEqual([0, 1, 2, 3, 4])
  works[4]?.end(4)
  works[3]?.end(3)
  expect(await all).toEqual([0, 1, 2, 3, 4])
})

test('a failure aborts the other tasks and waits for them', async () => {
  let stopped = false
  const { begun, works, run } = worksOf(3, (work) => {
    stopped = true
    works[work]?.fail(new Error('stopped'))
  })
  const all = runConcurrently(run, { concurrency: 2 })
  await turn()
  works[1]?.fail(new Error('damaged'))
  await expect(all).rejects.toThrow('damaged')
  expect(stopped).toBe(true)
  expect(begun).toEqual([0, 1])
})
