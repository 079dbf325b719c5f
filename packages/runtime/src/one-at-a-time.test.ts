import { expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

/** Something that is asked, and answers when it is told to. */
const slowly = () => {
  const waiting: ((end: { readonly failure?: Error }) => void)[] = []
  let runs = 0
  let atOnce = 0
  let most = 0
  const ask = async (): Promise<number> => {
    runs += 1
    const run = runs
    atOnce += 1
    most = Math.max(most, atOnce)
    const { failure } = await new Promise<{ readonly failure?: Error }>((resolve) => waiting.push(resolve))
    atOnce -= 1
    if (failure !== undefined) throw failure
    return run
  }
  const end = (how: { readonly failure?: Error } = {}): void => waiting.shift()?.(how)
  return { ask, end, seen: () => ({ runs, most }) }
}

test('whoever asks meanwhile shares one further run, which began after the call', async () => {
  const { ask, end, seen } = slowly()
  const shared = oneAtATime(ask)
  const first = shared()
  const others = Array.from({ length: 500 }, shared)
  end()
  expect(await first).toBe(1)
  const late = shared()
  end()
  expect(new Set(await Promise.all(others))).toEqual(new Set([2]))
  end()
  expect(await late).toBe(3)
  expect(seen()).toEqual({ runs: 3, most: 1 })
})

test('a run that fails, fails for those who share it, and the next one is asked for', async () => {
  const { ask, end } = slowly()
  const shared = oneAtATime(ask)
  const first = shared()
  const second = shared()
  end({ failure: new Error('away') })
  await expect(first).rejects.toThrow('away')
  await Promise.resolve()
  end()
  expect(await second).toBe(2)
  const third = shared()
  end()
  expect(await third).toBe(3)
})
