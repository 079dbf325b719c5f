import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readInvariants, readText, root } from './documents.ts'
import { taggedTests } from './tagged-tests.ts'

/** A tag and a file that must contain a test with it. */
export type WantedProof = { readonly tag: string; readonly file: string }

/** Paths of all test files of the repository. */
function listTestFiles(): string[] {
  return ['packages', 'services', 'bench', 'tests'].flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(folder, root)), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.test\.tsx?$/.test(name) && !/(?:^|\/)(?:node_modules|dist)\//.test(name))
      .map((name) => join(folder, name)),
  )
}

/** Number of tests with each tag, by file. */
export function countTags(): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>()
  for (const file of listTestFiles()) {
    const source = readText(file)
    if (!source.includes('tags:')) continue
    for (const tag of taggedTests(source).flatMap(({ tags }) => tags)) {
      const files = counts.get(tag) ?? new Map<string, number>()
      counts.set(tag, files.set(file, (files.get(file) ?? 0) + 1))
    }
  }
  return counts
}

/** The files named in INVARIANTS.md, and those whose source contains a tag. */
export function listWantedProofs(): WantedProof[] {
  const named = readInvariants().flatMap(({ id, tests }) => tests.map(({ file }) => [id, file] as const))
  const found = [...countTags()].flatMap(([tag, files]) =>
    [...files.keys()].map((file) => [tag, file] as const),
  )
  const unique = new Map([...named, ...found].map(([tag, file]) => [`${tag} ${file}`, { tag, file }]))
  return [...unique.values()]
}
