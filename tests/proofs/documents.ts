import { readFileSync } from 'node:fs'

/** A row of INVARIANTS.md. Its id is the tag of the tests that prove it. */
export type Invariant = {
  readonly id: string
  readonly rule: string
  /** Source files that enforce the rule. */
  readonly enforcedIn: readonly string[]
  readonly tests: readonly TestFile[]
}

/** A test file and the number of its tests that have the rule's id as a tag. */
type TestFile = { readonly file: string; readonly count: number }

/** A row of docs/compatibility.md that makes a promise. */
export type CompatibilityRow = {
  /** False for what exists only in the public service. */
  readonly works: boolean
  readonly text: string
  /** Tags of the tests that prove it. */
  readonly tags: readonly string[]
}

export const root = new URL('../../', import.meta.url)

export function readInvariants(): Invariant[] {
  return tableRows(readText('INVARIANTS.md'))
    .filter(([id = '']) => id !== 'id' && !/^-+$/.test(id))
    .map(([id = '', rule = '', enforcedIn = '', tests = '']) => ({
      id,
      rule,
      enforcedIn: pathsIn(enforcedIn),
      tests: [...tests.matchAll(/`([^`]+)`(?: ×(\d+))?/g)].map(([, file = '', count = '1']) => ({
        file,
        count: Number(count),
      })),
    }))
}

export function readCompatibility(): CompatibilityRow[] {
  return tableRows(readText('docs/compatibility.md'))
    .filter(([mark]) => mark === '✓' || mark === '✗')
    .map((cells) => ({
      works: cells[0] === '✓',
      text: cells.slice(1).join(' | '),
      tags: (cells.at(-1) ?? '').split(', '),
    }))
}

/** Tags in the prose of docs/compatibility.md, such as `(proven by: paging, filters)`. */
export function tagsInProse(): string[] {
  return [...readText('docs/compatibility.md').matchAll(/\(proven by: ([^)]+)\)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  )
}

/** Every tag that a test may have. Vitest refuses others. */
export function readTags(): { readonly name: string; readonly description: string }[] {
  const rules = readInvariants().map(({ id, rule }) => [id, rule] as const)
  const rows = readCompatibility().flatMap(({ tags, text }) => tags.map((tag) => [tag, text] as const))
  const prose = tagsInProse().map((tag) => [tag, 'docs/compatibility.md'] as const)
  const descriptions = new Map([...prose, ...rows, ...rules])
  return [...descriptions].map(([name, description]) => ({ name, description }))
}

export function readText(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

function pathsIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
}

function tableRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
