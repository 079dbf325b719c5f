import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

/** What a fingerprint consists of. */
const FINGERPRINTS = ['hash', 'picture', 'audio', 'local', 'fingerprint']
/** What every kind of alignment uses. */
const ALIGNMENTS = [...FINGERPRINTS, 'index', 'align/lines', 'align/segments']
/** Everything that compares two fingerprints. */
const COMPARISONS = [
  ...ALIGNMENTS,
  ...['align/frames', 'align/audio', 'align/local', 'align/passages', 'align/stills'],
]

/** Folders of this package, each with the folders that it may import from. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  hash: [],
  picture: ['hash'],
  audio: ['hash'],
  local: ['hash', 'picture'],
  fingerprint: ['hash', 'picture', 'audio', 'local'],
  index: FINGERPRINTS,
  'align/lines': [],
  'align/segments': [...FINGERPRINTS, 'align/lines'],
  'align/frames': ALIGNMENTS,
  'align/audio': ALIGNMENTS,
  'align/local': [...ALIGNMENTS, 'align/frames'],
  'align/passages': [...ALIGNMENTS, 'align/frames'],
  'align/stills': [...ALIGNMENTS, 'align/frames', 'align/local'],
  align: COMPARISONS,
  vpdq: ['hash', 'picture', 'fingerprint'],
  evidence: [...COMPARISONS, 'align'],
}

const root = import.meta.dirname

/** Paths of the product's files below the package's sources, from there. */
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && dirname(path) !== '.',
)

/** Other folders that the files directly in a folder import from, with repetitions. */
function foldersImportedBy(folder: string): string[] {
  return files
    .filter((path) => dirname(path) === folder)
    .flatMap((path) => {
      const source = readFileSync(join(root, path), 'utf8')
      return [...source.matchAll(/from '(\.\.?\/[^']+)'/g)].map(([, imported = '']) =>
        relative(root, dirname(join(root, folder, imported))),
      )
    })
    .filter((imported) => imported !== folder)
}

test('the table of folders is complete', () => {
  const folders = new Set(files.map((path) => dirname(path)))
  expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort())
})

test.each(Object.entries(MAY_IMPORT))('folder %s imports only the folders below it', (folder, allowed) => {
  const imported = foldersImportedBy(folder)
  expect(imported.filter((name) => !allowed.includes(name))).toEqual([])
  expect(imported.length > 0).toBe(allowed.length > 0)
})
