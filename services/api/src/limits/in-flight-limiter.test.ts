import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createInFlightLimiter } from './in-flight-limiter.ts'

function takeAll(limiter: ReturnType<typeof createInFlightLimiter>, name: string): (() => void)[] {
  const taken: (() => void)[] = []
  for (let release = limiter.acquire(name); release !== null; release = limiter.acquire(name))
    taken.push(release)
  return taken
}

test('one client takes at most half of the slots, and every other client still gets some', {
  tags: ['fair-requests'],
}, () => {
  const limiter = createInFlightLimiter({ total: 1_000 })
  expect(takeAll(limiter, 'greedy')).toHaveLength(500)
  for (let other = 0; other < 8; other++) expect(takeAll(limiter, `other ${other}`).length).toBeGreaterThan(0)
})

test('releasing a slot repeatedly frees it once', () => {
  const limiter = createInFlightLimiter({ total: 4 })
  const [first] = takeAll(limiter, 'a')
  first?.()
  first?.()
  expect(takeAll(limiter, 'a')).toHaveLength(1)
})

test('no more slots are taken than exist, and released slots can be taken again', () => {
  const steps = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), give: fc.boolean() }))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), steps, (total, acts) => {
      const limiter = createInFlightLimiter({ total })
      const taken: (() => void)[] = []
      for (const { name, give } of acts) {
        const release = give ? null : limiter.acquire(name)
        if (release !== null) taken.push(release)
        else if (give) taken.pop()?.()
        expect(taken.length).toBeLessThanOrEqual(total)
      }
      for (const release of taken) release()
      expect(takeAll(limiter, 'last')).toHaveLength(Math.ceil(total / 2))
    }),
  )
})
