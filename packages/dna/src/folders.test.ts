import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Folders of this package, each with the folders that it may import from. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  hash: [],
  picture: ['hash'],
  audio: ['hash'],
  local: ['hash', 'picture'],
  fingerprint: ['hash', 'picture', 'audio', 'local'],
  index: ['hash', 'picture', 'audio', 'local', 'fingerprint'],
  align: ['hash', 'picture', 'audio', 'local', 'fingerprint', 'index'],
  vpdq: ['hash', 'picture', 'fingerprint'],
  evidence: ['hash', 'picture', 'audio', 'local', 'fingerprint', 'index', 'align'],
}

const root = import.meta.dirname

function foldersImportedBy(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => {
      const source = readFileSync(join(root, folder, name), 'utf8')
      return [...source.matchAll(/from '\.\.\/([a-z]+)\//g)].map(([, imported = '']) => imported)
    })
}

test('the table of folders is complete', () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(MAY_IMPORT).sort())
})

test.each(Object.entries(MAY_IMPORT))('folder %s imports only the folders below it', (folder, allowed) => {
  const imported = foldersImportedBy(folder)
  expect(imported.filter((name) => !allowed.includes(name))).toEqual([])
  expect(imported.length > 0).toBe(allowed.length > 0)
})
