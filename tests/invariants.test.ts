import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { missing, namesIn, readProven } from './proofs.ts'

const { body, rows, proofs } = readProven('INVARIANTS.md')
const known = new Set(proofs.map(({ name }) => name))
/** Without the heads of the tables and the lines under them. */
const promises = rows.filter(([promise = '']) => promise !== 'promise' && !/^-+$/.test(promise))

describe('INVARIANTS.md', () => {
  it('promises something, and each promise names tests that it lists', () => {
    expect(promises.length).toBeGreaterThan(35)
    const unproven = promises.filter((row) => namesIn(row).some((name) => !known.has(name)))
    expect(unproven.map(([promise]) => promise)).toEqual([])
  })

  it('lists each test once, and none that enforces nothing', () => {
    expect(proofs.length).toBe(known.size)
    const used = new Set(promises.flatMap(namesIn))
    expect([...known].filter((name) => !used.has(name))).toEqual([])
  })

  it.each(proofs)('has a test for $name', (proof) => {
    expect(missing(proof)).toBeNull()
  })

  it('would miss a test that is not there', () => {
    const [proof] = proofs
    expect(proof && missing({ ...proof, title: 'a title that no test has' })).toMatch(/has no test/)
    expect(proof && missing({ ...proof, file: 'tests/absent.test.ts' })).toMatch(/no file/)
  })

  it('is led to from README.md and SECURITY.md', () => {
    for (const path of ['README.md', 'SECURITY.md'])
      expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toContain('INVARIANTS.md')
    expect(body).toContain('# Invariants')
  })
})
