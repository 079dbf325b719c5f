import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const [body = '', proofsTable = ''] = readFileSync(new URL('docs/compatibility.md', root), 'utf8').split(
  '\n## Proofs\n',
)

const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())

const tableRows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cellsOf)

const proofs = tableRows(proofsTable)
  .slice(2)
  .map(([name = '', file = '', title = '']) => ({ name, file: file.replaceAll('`', ''), title }))
const known = new Set(proofs.map(({ name }) => name))

/** Rows that promise something, and the proofs in their last cell. */
const promises = tableRows(body)
  .filter(([mark]) => mark === '✓' || mark === '✗')
  .map((cells) => ({
    works: cells[0] === '✓',
    row: cells.slice(1).join(' | '),
    names: (cells.at(-1) ?? '').split(', '),
  }))

describe('docs/compatibility.md', () => {
  it('promises something, and names proofs that it lists', () => {
    expect(promises.length).toBeGreaterThan(60)
    const unproven = promises.filter(({ names }) => names.some((name) => !known.has(name)))
    expect(unproven.map(({ row }) => row)).toEqual([])
  })

  it('lists each proof once, and none that proves nothing', () => {
    expect(proofs.length).toBe(known.size)
    const used = new Set(promises.flatMap(({ names }) => names))
    const mentioned = (name: string) =>
      used.has(name) || new RegExp(`\\([^)|]*\\b${name}\\b[^)|]*\\)`).test(body)
    expect([...known].filter((name) => !mentioned(name))).toEqual([])
  })

  it.each(proofs)('has a test for $name', ({ file, title }) => {
    expect(existsSync(new URL(file, root)), file).toBe(true)
    const source = readFileSync(new URL(file, root), 'utf8')
    expect(source).toContain(`'${title}'`)
  })
})
