import { describe, expect, test } from 'vitest'
import type { Original } from '../attacks/recipe.ts'
import { divide } from '../originals.ts'
import type { Size } from '../plan.ts'
import { gauntletFamilies } from './families.ts'
import { planGauntlet } from './plan-gauntlet.ts'
import { SEVERITIES } from './severity.ts'

const originals = Array.from({ length: 15 }, (_, n): Original => {
  const audible = n % 4 !== 3
  const [width, height] = n % 5 === 4 ? [360, 640] : [640, 360]
  const common = { id: `film-${n}`, path: `/films/${n}.mp4`, duration: 24 + n, fps: 25 }
  return { ...common, hasAudio: audible, audible, width, height }
})
const sides = divide(originals, 'seed')
const everyFilter = new Set(['gradients', 'flite', 'rubberband'])

function planned(size: Size, { seed = 'seed', filters = everyFilter } = {}) {
  return planGauntlet(sides, { seed, size, filters, pathOf: (id) => `/made/${id}.mp4` })
}

const full = planned('full')
const copies = full.queries.filter(({ label }) => label === 'positive')
const negatives = full.queries.filter(({ label }) => label === 'negative')

test('the full gauntlet has every family in every severity, and the small one every family once', () => {
  for (const { family } of gauntletFamilies)
    expect(copies.filter((one) => one.family === family).map(({ severity }) => severity)).toEqual([
      ...SEVERITIES,
    ])
  const small = planned('smoke').queries.filter(({ label }) => label === 'positive')
  expect(small.map(({ family }) => family)).toEqual([
    ...gauntletFamilies.map(({ family }) => family),
    'template',
  ])
  expect(new Set(small.map(({ severity }) => severity))).toEqual(new Set(['mild', 'medium', 'severe']))
})

test('the same seed makes the same gauntlet, and ids are unique', () => {
  expect(planned('full')).toEqual(full)
  expect(planned('full', { seed: 'other' })).not.toEqual(full)
  const ids = [...full.queries, ...full.library].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('every copied segment fits in its video and its query, with lengths that match its speed', () => {
  const library = new Map([
    ...sides.library.map(({ id, duration }) => [id, duration] as const),
    ...full.library.map(({ id, recipe }) => [id, recipe.seconds] as const),
  ])
  for (const { id, recipe } of copies) {
    expect(recipe.segments.length, id).toBeGreaterThan(0)
    for (const { ref, queryStart, queryEnd, refStart, refEnd, speed } of recipe.segments) {
      expect(queryStart, id).toBeGreaterThanOrEqual(0)
      expect(queryEnd, id).toBeLessThanOrEqual(recipe.seconds + 0.01)
      expect(refStart, id).toBeGreaterThanOrEqual(0)
      expect(refEnd, id).toBeLessThanOrEqual((library.get(ref) ?? 0) + 0.01)
      expect((queryEnd - queryStart) * speed, id).toBeCloseTo(refEnd - refStart, 1)
    }
  }
})

test('a filter graph uses every input, and names the picture [v] and a sound [a]', () => {
  for (const { id, recipe } of [...full.queries, ...full.library]) {
    const graph = recipe.filters.join(';')
    for (const number of recipe.inputs.keys()) expect(graph, id).toMatch(new RegExp(`\\[${number}:[av]\\]`))
    expect(graph.match(/\[v\]/g), id).toHaveLength(1)
    expect(graph.match(/\[a\]/g) ?? [], id).toHaveLength(recipe.sound ? 1 : 0)
    expect(graph, id).not.toMatch(/NaN|undefined|Infinity|\de[-+]\d/)
  }
})

describe('negatives', () => {
  const stored = new Set([
    ...sides.library,
    ...full.library.flatMap(({ recipe }) => recipe.inputs.map((one) => one.original)),
  ])

  test('they copy nothing, and show no footage that is in the library', () => {
    const takes = negatives.filter(({ family }) => family === 'second-take')
    for (const { id, recipe } of negatives) {
      expect(recipe.segments, id).toEqual([])
      if (takes.some((one) => one.id === id)) continue
      for (const { original } of recipe.inputs) expect(stored.has(original), id).toBe(false)
    }
  })

  test('backgrounds of copies show no footage that is in the library either', () => {
    for (const { id, recipe } of copies) {
      const refs = new Set(recipe.segments.map(({ ref }) => ref))
      for (const { original } of recipe.inputs)
        expect(refs.has(original.id) || !stored.has(original), `${id} ${original.id}`).toBe(true)
    }
  })

  test('each template has look-alikes, and a second take starts after the stored one ends', () => {
    const kinds = full.library
      .map(({ id }) => id.replace('made-', ''))
      .filter((id) => !id.startsWith('take-'))
    expect(kinds).toEqual(
      expect.arrayContaining(['slides', 'lyrics', 'timer', 'screensaver', 'snow', 'studio', 'hud']),
    )
    for (const kind of kinds) expect(negatives.filter(({ family }) => family === kind)).toHaveLength(2)
    const take = full.library.find(({ id }) => id.startsWith('take-'))?.recipe.inputs[0]
    const later = negatives.find(({ family }) => family === 'second-take')?.recipe.inputs[0]
    expect(later?.original).toBe(take?.original)
    expect(later?.start).toBeGreaterThan((take?.start ?? 0) + (take?.seconds ?? 0))
  })

  test('a look-alike that contains the template itself ignores the pair', () => {
    const leader = negatives.find(({ family }) => family === 'leader')
    expect(leader?.ignore).toEqual([{ ref: 'made-leader' }])
    expect(negatives.find(({ family }) => family === 'timer')?.ignore).toBeUndefined()
  })
})

test('families whose filters ffmpeg lacks are left out and named', () => {
  const plain = planned('full', { filters: new Set(['gradients']) })
  expect(plain.leftOut).toEqual(['dub (flite)', 'pitch (rubberband)'])
  expect(plain.queries.some(({ family }) => family === 'pitch')).toBe(false)
  expect(JSON.stringify(plain)).not.toMatch(/flite=|rubberband=/)
})

test('too few originals are an error that says how many are needed', () => {
  const few = divide(originals.slice(0, 5), 'seed')
  expect(() => planGauntlet(few, { seed: 's', size: 'smoke', filters: everyFilter, pathOf: String })).toThrow(
    'needs 8 originals',
  )
})
