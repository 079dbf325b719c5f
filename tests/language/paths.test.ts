import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const documents = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n')

/** Paths in backticks that begin with a directory of the repository. */
function namedPaths(markdown: string): string[] {
  return [
    ...markdown.matchAll(/`((?:packages|services|tests|bench|docs|migrations|examples)\/[^`*<{ ]+)`/g),
  ].map(([, path = '']) => path)
}

/** Relative link targets, without anchors. */
function linkTargets(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}

test.each(documents)('every path and link in %s points to a file', (document) => {
  const markdown = readFileSync(document, 'utf8')
  expect(namedPaths(markdown).filter((path) => !existsSync(path))).toEqual([])
  expect(linkTargets(markdown).filter((target) => !existsSync(join(dirname(document), target)))).toEqual([])
})
