import { expect, test } from 'vitest'
import { catalogue } from './attacks/catalogue.ts'
import type { Original } from './attacks/recipe.ts'
import { divide } from './originals.ts'
import { plan } from './plan.ts'

const originals = Array.from({ length: 9 }, (_, n): Original => {
  const audible = n % 4 !== 3
  return {
    id: `film-${n}`,
    path: `/films/${n}.mp4`,
    duration: 20 + n,
    fps: 25,
    hasAudio: audible,
    audible,
    width: 640,
    height: 360,
  }
})
const sides = divide(originals, 'seed')

test('a third of the originals is held back, and the same seed selects the same ones', () => {
  expect([sides.library.length, sides.held.length]).toEqual([6, 3])
  expect(divide(originals, 'seed')).toEqual(sides)
  expect(divide(originals, 'other')).not.toEqual(sides)
  expect(() => divide(originals.slice(0, 3), 'seed')).toThrow('needs 4 originals')
})

test('every attack is planned once, and the same seed makes the same plan', () => {
  const full = plan(sides, { seed: 'seed', size: 'full' })
  const positives = full.filter(({ label }) => label === 'positive')
  expect(positives.map(({ family, variant }) => `${family}/${variant}`)).toEqual(
    catalogue.map(({ family, variant }) => `${family}/${variant}`),
  )
  expect(new Set(full.map(({ id }) => id)).size).toBe(full.length)
  expect(plan(sides, { seed: 'seed', size: 'full' })).toEqual(full)
  expect(plan(sides, { seed: 'other', size: 'full' })).not.toEqual(full)
})

test('every copied segment fits in its original and its query, with lengths that match its speed', () => {
  const library = new Map(sides.library.map((original) => [original.id, original]))
  let seen = 0
  for (const { label, recipe } of plan(sides, { seed: 'seed', size: 'full' })) {
    if (label === 'negative') continue
    expect(recipe.segments.length).toBeGreaterThan(0)
    for (const { ref, queryStart, queryEnd, refStart, refEnd, speed } of recipe.segments) {
      seen++
      expect(queryStart).toBeGreaterThanOrEqual(0)
      expect(queryEnd).toBeLessThanOrEqual(recipe.seconds + 0.01)
      expect(refStart).toBeGreaterThanOrEqual(0)
      expect(refEnd).toBeLessThanOrEqual((library.get(ref)?.duration ?? 0) + 0.01)
      expect((queryEnd - queryStart) * speed).toBeCloseTo(refEnd - refStart, 1)
    }
  }
  expect(seen).toBeGreaterThan(catalogue.length)
})

test('negatives are made from held-back originals and copy nothing', () => {
  const held = new Set(sides.held)
  const negatives = plan(sides, { seed: 'seed', size: 'full' }).filter(({ label }) => label === 'negative')
  expect(negatives.length).toBe(catalogue.length)
  for (const { recipe } of negatives) {
    expect(recipe.segments).toEqual([])
    for (const { original } of recipe.inputs) expect(held.has(original)).toBe(true)
  }
})
