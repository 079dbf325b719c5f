import { expect, test } from 'vitest'
import { singleFlight } from './single-flight.ts'

/** A function whose runs end on demand. */
function createControlled() {
  const waiting: ((end: { readonly failure?: Error }) => void)[] = []
  let runs = 0
  let concurrent = 0
  let peak = 0
  const load = async (): Promise<number> => {
    runs += 1
    const run = runs
    concurrent += 1
    peak = Math.max(peak, concurrent)
    const { failure } = await new Promise<{ readonly failure?: Error }>((resolve) => waiting.push(resolve))
    concurrent -= 1
    if (failure !== undefined) throw failure
    return run
  }
  const end = (outcome: { readonly failure?: Error } = {}): void => waiting.shift()?.(outcome)
  return { load, end, seen: () => ({ runs, peak }) }
}

test('calls during a run share one further run, which begins after them', async () => {
  const { load, end, seen } = createControlled()
  const shared = singleFlight(load)
  const first = shared()
  const others = Array.from({ length: 500 }, shared)
  end()
  expect(await first).toBe(1)
  const late = shared()
  end()
  expect(new Set(await Promise.all(others))).toEqual(new Set([2]))
  end()
  expect(await late).toBe(3)
  expect(seen()).toEqual({ runs: 3, peak: 1 })
})

test('a failed run rejects the calls that share it, and later calls start a new one', async () => {
  const { load, end } = createControlled()
  const shared = singleFlight(load)
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
