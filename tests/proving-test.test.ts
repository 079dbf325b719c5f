import { expect, test } from 'vitest'
import { whyNoProof } from './proving-test.ts'

const TITLE = 'nothing is lost'
const BODY = '() => { expect(1).toBe(1) }'

test.each([
  ['a test', `test('${TITLE}', ${BODY})`],
  ['a test in double quotes', `test("${TITLE}", ${BODY})`],
  [
    'it in a describe',
    `describe('all', () => { it('${TITLE}', async () => { await expect(1).resolves.toBe(1) }) })`,
  ],
  ['a test for each of a list', `test.each([1, 2])('${TITLE}', ${BODY})`],
  ['a test with options', `test('${TITLE}', { timeout: 5 }, ${BODY})`],
  ['a test with a time limit', `test('${TITLE}', ${BODY}, 60_000)`],
  ['a property', `test('${TITLE}', () => { fc.assert(fc.property(fc.nat(), (n) => n >= 0)) })`],
  [
    'a test that asserts by a function of the file',
    `const check = ${BODY}\ntest('${TITLE}', () => { check() })`,
  ],
  ['a test in TypeScript', `test('${TITLE}', ({ a }: { a?: number }) => { expect(a as unknown).toBe(1) })`],
])('%s is a proof', (_, source) => {
  expect(whyNoProof(source, TITLE)).toBeNull()
})

test.each([
  ['another test', `test('another', ${BODY})`],
  ['a test that is commented out', `// test('${TITLE}', ${BODY})`],
  ['a test within a comment of several lines', `/*\ntest('${TITLE}', ${BODY})\n*/`],
  ['a title that is only a string', `const title = '${TITLE}'\ntest(other, ${BODY})`],
  ['a test inside a string', `const text = "test('${TITLE}', ${BODY.replaceAll('"', '')})"`],
  ['a skipped test', `test.skip('${TITLE}', ${BODY})`],
  ['a test that is skipped for each', `test.skip.each([1])('${TITLE}', ${BODY})`],
  ['a test in a skipped describe', `describe.skip('all', () => { test('${TITLE}', ${BODY}) })`],
  ['a test that is to do', `test.todo('${TITLE}')`],
  ['a test to do with a body', `test.todo('${TITLE}', ${BODY})`],
  ['a test that is meant to fail', `test.fails('${TITLE}', ${BODY})`],
  ['a test that runs on some machines', `test.runIf(process.env.CI)('${TITLE}', ${BODY})`],
  ['a test that some machines skip', `test.skipIf(process.env.CI)('${TITLE}', ${BODY})`],
  ['a test that its options skip', `test('${TITLE}', { skip: true }, ${BODY})`],
  [
    'a describe that its options skip',
    `describe('all', { todo: true }, () => { test('${TITLE}', ${BODY}) })`,
  ],
  ['a test under a condition', `if (process.env.CI) test('${TITLE}', ${BODY})`],
  ['a test behind an and', `process.env.CI && test('${TITLE}', ${BODY})`],
  ['a test without a body', `test('${TITLE}')`],
  ['an empty test', `test('${TITLE}', () => {})`],
  ['a test that only calls something', `test('${TITLE}', () => { run() })`],
  ['a test whose assertion is commented out', `test('${TITLE}', () => { run() /* expect(1).toBe(1) */ })`],
  ['a describe', `describe('${TITLE}', () => {})`],
  ['one of two of that title that is skipped', `test('${TITLE}', ${BODY})\ntest.skip('${TITLE}', ${BODY})`],
  ['a file that cannot be parsed', `test('${TITLE}', ${BODY}`],
])('%s is no proof', (_, source) => {
  expect(whyNoProof(source, TITLE)).not.toBeNull()
})
