import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const SOURCE = new URL('../../services/console/src/', import.meta.url)

// A stylesheet that is loaded with one page stays when the next one opens.
test('a class that a page styles is styled by no stylesheet of another page', () => {
  const everywhere = new Set(
    [...read('main.tsx').matchAll(/'\.\/(styles\/\w+\.css)'/g)].flatMap(([, file]) => classesOf(file ?? '')),
  )
  const owners = new Map<string, string>()
  const shared: string[] = []
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.css') || read('main.tsx').includes(`'./${file}'`)) continue
    for (const name of new Set(classesOf(file))) {
      const owner = owners.get(name)
      if (owner !== undefined && !everywhere.has(name)) shared.push(`${name}: ${owner}, ${file}`)
      owners.set(name, file)
    }
  }
  expect(owners.size).toBeGreaterThan(100)
  expect(shared).toEqual([])
})

function read(file: string): string {
  return readFileSync(new URL(file, SOURCE), 'utf8')
}

/** The first class of every selector. */
function classesOf(file: string): string[] {
  const selectors = read(file)
    .replace(/\/\*.*?\*\//gs, '')
    .matchAll(/([^{};]+)\{/g)
  return [...selectors].flatMap(([, list = '']) =>
    list.split(',').flatMap((one) => one.match(/\.[a-zA-Z][\w-]*/)?.slice(0, 1) ?? []),
  )
}
