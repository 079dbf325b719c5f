import { existsSync, readdirSync } from 'node:fs'
import { actionNames } from '@kinoprint/contract'
import { describe, expect, test } from 'vitest'
import { readCompatibility, readInvariants, readTags, readText, root, tagsInProse } from './documents.ts'
import { whyNoProof } from './tagged-tests.ts'
import { countTags } from './test-files.ts'

const invariants = readInvariants()
const rows = readCompatibility()
const counts = countTags()
const ruleIds = new Set(invariants.map(({ id }) => id))

function isMissing(path: string): boolean {
  return !existsSync(new URL(path, root))
}

describe('INVARIANTS.md', () => {
  test('lists each rule once, with a short id', () => {
    expect(invariants.length).toBeGreaterThan(70)
    expect(ruleIds.size).toBe(invariants.length)
    expect(invariants.filter(({ id }) => !/^[a-z0-9]+(?:-[a-z0-9]+){0,3}$/.test(id))).toEqual([])
  })

  test('names existing enforcing files and existing test files for each rule', () => {
    for (const { id, enforcedIn, tests } of invariants) {
      expect(enforcedIn, id).not.toEqual([])
      expect(tests, id).not.toEqual([])
      expect([...enforcedIn, ...tests.map(({ file }) => file)].filter(isMissing), id).toEqual([])
    }
  })

  test.each(invariants)('$id is proven by as many tests as its row states', ({ id, tests }) => {
    for (const { file, count } of tests) expect(whyNoProof(readText(file), id, count), file).toBeNull()
    expect([...(counts.get(id)?.keys() ?? [])].sort()).toEqual(tests.map(({ file }) => file).sort())
  })

  test.each(['README.md', 'SECURITY.md'])('is linked from %s', (path) => {
    expect(readText(path)).toContain('INVARIANTS.md')
  })
})

describe('docs/compatibility.md', () => {
  const tags = new Set([...rows.flatMap(({ tags }) => tags), ...tagsInProse()])

  test('names a proof for each of its rows', () => {
    expect(rows.length).toBeGreaterThan(60)
    expect(rows.filter(({ tags }) => tags.some((tag) => !/^[a-z0-9-]+$/.test(tag)))).toEqual([])
  })

  test.each([...tags].filter((tag) => !ruleIds.has(tag)))('%s is the tag of exactly one test', (tag) => {
    const [file = '', ...others] = counts.get(tag)?.keys() ?? []
    expect(others).toEqual([])
    expect(file === '' ? 'No test has this tag.' : whyNoProof(readText(file), tag, 1)).toBeNull()
  })

  test('names every element and code of the golden files, and every action', () => {
    const files = readdirSync(new URL('tests/compat/golden/', root))
    expect(files.length).toBeGreaterThan(35)
    const texts = files.map((file) => readText(`tests/compat/golden/${file}`))
    const elements = texts.flatMap((text) => [...text.matchAll(/<([A-Z]\w+)/gi)].map(([, name]) => name))
    const codes = texts.flatMap((text) => [...text.matchAll(/<Code>(\w+)</g)].map(([, code]) => code))
    expect(codes.length).toBeGreaterThan(25)
    const body = readText('docs/compatibility.md')
    const unnamed = [...new Set([...elements, ...codes, ...actionNames])].filter(
      (name) => name !== undefined && !new RegExp(`\\b${name}\\b`).test(body),
    )
    expect(unnamed).toEqual([])
  })
})

test('tests have only tags that a document explains', () => {
  const known = new Set(readTags().map(({ name }) => name))
  expect([...counts.keys()].filter((tag) => !known.has(tag))).toEqual([])
})
