import { check } from 'recheck'
import { expect, test } from 'vitest'
import { patternsOf, productSources, type SourcePattern } from './source-patterns.ts'

const found = productSources().map(patternsOf)
const patterns = new Map<string, SourcePattern>(
  found
    .flatMap(({ literals }) => literals)
    .map((literal) => [`/${literal.source}/${literal.flags}`, literal]),
)

/**
 * How a pattern's time grows with its input, by its automaton alone. The other way of recheck runs the pattern and takes time
 * itself, so a slow machine could change the verdict. An automaton knows no lookaround and no backreference.
 */
async function growthOf({ source, flags }: Pick<SourcePattern, 'source' | 'flags'>): Promise<string> {
  const answer = await check(source, flags, { timeout: null, checker: 'automaton' })
  if (answer.status === 'safe') return 'linear'
  return answer.status === 'vulnerable' ? answer.complexity.summary : `unknown: ${answer.error.kind}`
}

test('every regular expression of the product is found in its source', () => {
  expect(patterns.size).toBeGreaterThan(40)
  const text =
    "const a = /x+/g // no /y/ here\nconst b = 'or /z/' + new RegExp(a.source)\nb.match('w*'); b.match(/v/)"
  const { literals, hidden } = patternsOf({ path: 'a.ts', text })
  expect(literals.map(({ source, at }) => [source, at])).toEqual([
    ['x+', 'a.ts:1'],
    ['v', 'a.ts:3'],
  ])
  expect(hidden).toEqual(['a.ts:2', 'a.ts:3'])
})

test('no regular expression of the product is built from a string, because it could not be checked', {
  tags: ['linear-time'],
}, () => {
  expect(found.flatMap(({ hidden }) => hidden)).toEqual([])
})

test('a regular expression that takes more than linear time is recognised', async () => {
  expect(await growthOf({ source: '^\\s*[\\r\\n]\\s*|\\s*[\\r\\n]\\s*$', flags: 'g' })).toMatch(
    '3rd degree polynomial',
  )
  expect(await growthOf({ source: '\\s+$', flags: '' })).toMatch('2nd degree polynomial')
  expect(await growthOf({ source: '^(a+)+$', flags: '' })).toMatch('exponential')
})

test.each([...patterns])(
  'the regular expression %s takes linear time',
  { tags: ['linear-time'] },
  async (_, pattern) => {
    expect(await growthOf(pattern), pattern.at).toBe('linear')
  },
)
