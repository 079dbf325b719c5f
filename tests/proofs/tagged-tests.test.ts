import { expect, test } from 'vitest'
import { taggedTests, whyNoProof } from './tagged-tests.ts'

const BODY = '() => { expect(1).toBe(1) }'
const TAGS = "{ tags: ['safe'] }"

test.each([
  ['a test', `test('a', ${TAGS}, ${BODY})`],
  ['a test whose only tag is a string', `test('a', { tags: 'safe' }, ${BODY})`],
  ['a test in double quotes', `test("a", { "tags": ["safe"] }, ${BODY})`],
  ['a test with several tags', `test('a', { tags: ['other', 'safe'] }, ${BODY})`],
  [
    'it in a describe',
    `describe('all', () => { it('a', ${TAGS}, async () => { await expect(1).resolves.toBe(1) }) })`,
  ],
  ['a test for each value of a list', `test.each([1, 2])('a %i', ${TAGS}, ${BODY})`],
  ['a test with more options', `test('a', { timeout: 5, tags: ['safe'] }, ${BODY})`],
  ['a property', `test('a', ${TAGS}, () => { fc.assert(fc.property(fc.nat(), (n) => n >= 0)) })`],
  [
    'a test that asserts in a function of its file',
    `const check = ${BODY}\ntest('a', ${TAGS}, () => { check() })`,
  ],
  ['a test in TypeScript', `test('a', ${TAGS}, ({ a }: { a?: number }) => { expect(a as unknown).toBe(1) })`],
])('%s is a proof', (_, source) => {
  expect(whyNoProof(source, 'safe', 1)).toBeNull()
})

test.each([
  ['a test without the tag', `test('a', ${BODY})`],
  ['a test with another tag', `test('a', { tags: ['other'] }, ${BODY})`],
  ['a commented-out test', `// test('a', ${TAGS}, ${BODY})`],
  ['a test in a comment of several lines', `/*\ntest('a', ${TAGS}, ${BODY})\n*/`],
  ['a call that is not a test', `const options = ${TAGS}\nother('a', ${TAGS}, ${BODY})`],
  ['a test in a string', `const text = "test('a', ${TAGS}, ${BODY})"`],
  ['a skipped test', `test.skip('a', ${TAGS}, ${BODY})`],
  ['a test.each that is skipped', `test.skip.each([1])('a', ${TAGS}, ${BODY})`],
  ['a test in a skipped describe', `describe.skip('all', () => { test('a', ${TAGS}, ${BODY}) })`],
  ['a todo test', `test.todo('a', ${TAGS})`],
  ['a todo test with a body', `test.todo('a', ${TAGS}, ${BODY})`],
  ['a test that is expected to fail', `test.fails('a', ${TAGS}, ${BODY})`],
  ['a test that runs only on some machines', `test.runIf(process.env.CI)('a', ${TAGS}, ${BODY})`],
  ['a test that is skipped on some machines', `test.skipIf(process.env.CI)('a', ${TAGS}, ${BODY})`],
  ['a test skipped by its options', `test('a', { tags: ['safe'], skip: true }, ${BODY})`],
  [
    'a test in a describe skipped by its options',
    `describe('all', { todo: true }, () => { test('a', ${TAGS}, ${BODY}) })`,
  ],
  ['a test under a condition', `if (process.env.CI) test('a', ${TAGS}, ${BODY})`],
  ['a test after &&', `process.env.CI && test('a', ${TAGS}, ${BODY})`],
  ['a test without a body', `test('a', ${TAGS})`],
  ['an empty test', `test('a', ${TAGS}, () => {})`],
  ['a test that only calls something', `test('a', ${TAGS}, () => { run() })`],
  ['a test whose assertion is commented out', `test('a', ${TAGS}, () => { run() /* expect(1).toBe(1) */ })`],
  ['a describe', `describe('all', ${TAGS}, () => { test('a', ${BODY}) })`],
  [
    'one of two tests of the tag that is skipped',
    `test('a', ${TAGS}, ${BODY})\ntest.skip('b', ${TAGS}, ${BODY})`,
  ],
  ['a file that cannot be parsed', `test('a', ${TAGS}, ${BODY}`],
])('%s is no proof', (_, source) => {
  expect(whyNoProof(source, 'safe', 1)).not.toBeNull()
})

test('a rule that requires two tests of a file is not proven by one', () => {
  expect(whyNoProof(`test('a', ${TAGS}, ${BODY})`, 'safe', 2)).toBe("1 tests are tagged 'safe', not 2.")
})

test('every tagged test of a source is listed', () => {
  const source = `test('a', ${TAGS}, ${BODY})\ntest('b', ${BODY})\ntest('c', { tags: ['other'] }, () => {})`
  expect(taggedTests(source)).toEqual([
    { tags: ['safe'], flaw: null },
    { tags: ['other'], flaw: 'it asserts nothing' },
  ])
})
