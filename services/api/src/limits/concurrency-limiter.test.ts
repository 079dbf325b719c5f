import { expect, test } from 'vitest'
import { createConcurrencyLimiter } from './concurrency-limiter.ts'

/** Work that the test finishes explicitly. */
function held() {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return { end: () => end(), run: () => ended }
}

test('at most `concurrency` calls run at once, and the rest follow in order of arrival', async () => {
  const limiter = createConcurrencyLimiter({ concurrency: 2, waitMs: 5_000 })
  const began: number[] = []
  const works = [0, 1, 2, 3].map(() => held())
  const done = works.map((work, n) =>
    limiter.run('k', () => {
      began.push(n)
      return work.run()
    }),
  )
  await Promise.resolve()
  expect(began).toEqual([0, 1])
  works[1]?.end()
  await done[1]
  await expect.poll(() => began).toEqual([0, 1, 2])
  for (const work of works) work.end()
  await Promise.all(done)
  expect(began).toEqual([0, 1, 2, 3])
})

test('a call that waits too long gets SlowDown, and its work never starts', async () => {
  const limiter = createConcurrencyLimiter({ concurrency: 1, waitMs: 20 })
  const first = held()
  const running = limiter.run('k', first.run)
  let begun = false
  const late = limiter.run('k', async () => {
    begun = true
  })
  await expect(late).rejects.toMatchObject({ code: 'SlowDown' })
  first.end()
  await running
  expect(begun).toBe(false)
  expect(await limiter.run('k', async () => 'free again')).toBe('free again')
})

test('a call that fails releases its slot', async () => {
  const limiter = createConcurrencyLimiter({ concurrency: 1, waitMs: 5_000 })
  const bad = limiter.run('k', () => Promise.reject(new Error('a bug')))
  const good = limiter.run('k', async () => 'fine')
  await expect(bad).rejects.toThrow('a bug')
  expect(await good).toBe('fine')
})

test('clients take turns, so the waiting calls of one client do not delay another', {
  tags: ['fair-requests'],
}, async () => {
  const limiter = createConcurrencyLimiter({ concurrency: 1, waitMs: 5_000 })
  const first = held()
  const running = limiter.run('many', first.run)
  const began: string[] = []
  const begin = (name: string) => limiter.run(name, async () => void began.push(name))
  const rest = [...Array.from({ length: 20 }, () => begin('many')), begin('other')]
  first.end()
  await Promise.all([running, ...rest])
  expect(began.indexOf('other')).toBeLessThan(2)
})
