import { readdirSync, readFileSync } from 'node:fs'
import { actionNames } from '@kinoprint/contract'
import { describe, expect, it } from 'vitest'
import { missing, namesIn, readProven } from '../proofs.ts'

const root = new URL('../../', import.meta.url)
const { body, rows, proofs } = readProven('docs/compatibility.md')
const known = new Set(proofs.map(({ name }) => name))

/** Rows that promise something, and the proofs in their last cell. */
const promises = rows
  .filter(([mark]) => mark === '✓' || mark === '✗')
  .map((cells) => ({
    works: cells[0] === '✓',
    row: cells.slice(1).join(' | '),
    names: namesIn(cells),
  }))

describe('docs/compatibility.md', () => {
  it('promises something, and names proofs that it lists', () => {
    expect(promises.length).toBeGreaterThan(60)
    const unproven = promises.filter(({ names }) => names.some((name) => !known.has(name)))
    expect(unproven.map(({ row }) => row)).toEqual([])
  })

  it('names every element and code of the golden files, and every action', () => {
    const golden = new URL('tests/compat/golden/', root)
    const files = readdirSync(golden)
    expect(files.length).toBeGreaterThan(35)
    const texts = files.map((file) => readFileSync(new URL(file, golden), 'utf8'))
    const elements = texts.flatMap((text) => [...text.matchAll(/<([A-Z]\w+)/gi)].map(([, name]) => name))
    const codes = texts.flatMap((text) => [...text.matchAll(/<Code>(\w+)</g)].map(([, code]) => code))
    expect(codes.length).toBeGreaterThan(25)
    const unnamed = [...new Set([...elements, ...codes, ...actionNames])].filter(
      (name) => name !== undefined && !new RegExp(`\\b${name}\\b`).test(body),
    )
    expect(unnamed).toEqual([])
  })

  it('lists each proof once, and none that proves nothing', () => {
    expect(proofs.length).toBe(known.size)
    const used = new Set(promises.flatMap(({ names }) => names))
    const mentioned = (name: string) =>
      used.has(name) || new RegExp(`\\([^)|]*\\b${name}\\b[^)|]*\\)`).test(body)
    expect([...known].filter((name) => !mentioned(name))).toEqual([])
  })

  it.each(proofs)('has a test for $name', (proof) => {
    expect(missing(proof)).toBeNull()
  })
})
