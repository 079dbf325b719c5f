import { existsSync, readFileSync } from 'node:fs'
import { whyNoProof } from './proving-test.ts'

/** A test that enforces what a document promises. */
export type Proof = { readonly name: string; readonly file: string; readonly title: string }

/** A document of promises: tables whose rows end in names of proofs, and a last section that lists those. */
export type ProvenDocument = {
  /** Everything before the section "Proofs". */
  readonly body: string
  /** Rows of the body's tables, by cells. */
  readonly rows: readonly (readonly string[])[]
  readonly proofs: readonly Proof[]
}

const root = new URL('../', import.meta.url)

/** Reads a document by its path in the repository. */
export function readProven(path: string): ProvenDocument {
  const [body = '', table = ''] = readFileSync(new URL(path, root), 'utf8').split('\n## Proofs\n')
  const proofs = tableRows(table)
    .slice(2)
    .map(([name = '', file = '', title = '']) => ({ name, file: file.replaceAll('`', ''), title }))
  return { body, rows: tableRows(body), proofs }
}

/** The names in the last cell of a row. */
export const namesIn = (row: readonly string[]): readonly string[] => (row.at(-1) ?? '').split(', ')

/** Why the named test proves nothing, or null where it is one that runs and asserts. */
export function missing({ file, title }: Proof): string | null {
  if (!existsSync(new URL(file, root))) return `There is no file ${file}.`
  const reason = whyNoProof(readFileSync(new URL(file, root), 'utf8'), title)
  return reason === null ? null : `${file}: ${reason}.`
}

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
