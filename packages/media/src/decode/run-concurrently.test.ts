import { expect, test } from 'vitest'
import { runConcurrently } from './run-concurrently.ts'

type Task = { readonly end: (value: number) => void; readonly fail: (error: Error) => void }

/** Tasks that record their start and end on demand. */
function createTasks(count: number, onStop: (task: number) => void) {
  const started: number[] = []
  const tasks: Task[] = []
  const run = Array.from({ length: count }, (_, n) => async (signal: AbortSignal) => {
    started.push(n)
    signal.addEventListener('abort', () => onStop(n))
    return new Promise<number>((end, fail) => {
      tasks[n] = { end, fail }
    })
  })
  return { started, tasks, run }
}
function turn() {
  return new Promise((resolve) => setImmediate(resolve))
}

test('tasks start up to the concurrency limit, and none runs far ahead of a slow one', async () => {
  const { started, tasks, run } = createTasks(5, () => expect.fail('Nothing has failed.'))
  const all = runConcurrently(run, { concurrency: 2 })
  await turn()
  expect(started).toEqual([0, 1])
  tasks[1]?.end(1)
  await turn()
  expect(started).toEqual([0, 1, 2])
  tasks[2]?.end(2)
  await turn()
  expect(started).toEqual([0, 1, 2])
  tasks[0]?.end(0)
  await turn()
  expect(started).toEqual([0, 1, 2, 3, 4])
  tasks[4]?.end(4)
  tasks[3]?.end(3)
  expect(await all).toEqual([0, 1, 2, 3, 4])
})

test('a failure aborts the other tasks and waits for them', async () => {
  let stopped = false
  const { started, tasks, run } = createTasks(3, (task) => {
    stopped = true
    tasks[task]?.fail(new Error('stopped'))
  })
  const all = runConcurrently(run, { concurrency: 2 })
  await turn()
  tasks[1]?.fail(new Error('damaged'))
  await expect(all).rejects.toThrow('damaged')
  expect(stopped).toBe(true)
  expect(started).toEqual([0, 1])
})
