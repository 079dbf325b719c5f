import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { root } from './documents.ts'
import { findUnproven } from './proof-reporter.ts'

const wanted = [{ tag: 'safe', file: 'a.test.ts' }]
function one(state: string, tags = ['safe']) {
  return { name: state, tags, state }
}

test.each([
  ['passed', [one('passed'), one('failed', ['other'])], 0],
  ['failed', [one('failed')], 1],
  ['was skipped', [one('skipped')], 1],
  ['was skipped while another one passed', [one('passed'), one('skipped')], 1],
  ['did not finish', [one('pending')], 1],
  ['lost its tag', [one('passed', [])], 1],
])('a rule whose test %s is judged accordingly', (_, tests, flaws) => {
  expect(findUnproven(wanted, [{ file: 'a.test.ts', tests }])).toHaveLength(flaws)
})

test('a rule whose test file did not run is not reported', () => {
  expect(findUnproven(wanted, [{ file: 'b.test.ts', tests: [] }])).toEqual([])
})

const IMPORTS = `import { expect, test } from 'vitest'\n`
const BODY = '() => { expect(1).toBe(1) }'
const kinds: Readonly<Record<string, (options: string) => string>> = {
  passes: (options) => `test('a', ${options}, ${BODY})`,
  fails: (options) => `test('a', ${options}, () => { expect(1).toBe(2) })`,
  skipped: (options) => `test.skip('a', ${options}, ${BODY})`,
  'skipped-inside': (options) => `test('a', ${options}, ({ skip }) => { expect(1).toBe(1); skip() })`,
  'to-do': (options) => `test.todo('a', ${options})`,
  'commented-out': (options) => `// test('a', ${options}, ${BODY})`,
  empty: (options) => `test('a', ${options}, () => {})`,
  'asserts-nothing': (options) => `test('a', ${options}, () => { Math.random() })`,
  'false-condition': (options) => `if (1 > 2) test('a', ${options}, ${BODY})`,
}

test('a vitest run in which all proving tests pass exits with 0', async () => {
  expect(await runVitest(['passes'])).toEqual({ code: 0, unproven: [] })
})

test('a vitest run in which a proving test is skipped exits with 1', async () => {
  expect(await runVitest(['passes', 'skipped'])).toEqual({ code: 1, unproven: ['skipped'] })
})

test('a vitest run reports each rule whose test did not pass', async () => {
  const names = Object.keys(kinds)
  const { code, unproven } = await runVitest(names)
  expect(code).toBe(1)
  expect(unproven.sort()).toEqual(names.filter((name) => name !== 'passes').sort())
})

/** Runs a file of each kind, each with its own tag and an untagged test, under the reporter. */
async function runVitest(names: readonly string[]): Promise<{ code: number | null; unproven: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-proofs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  symlinkSync(fileURLToPath(new URL('node_modules', root)), join(folder, 'node_modules'))
  for (const name of names) {
    const source = kinds[name]?.(`{ tags: ['${name}'] }`) ?? ''
    writeFileSync(join(folder, `${name}.test.ts`), `${IMPORTS}${source}\ntest('b', ${BODY})\n`)
  }
  const reporter = fileURLToPath(new URL('proof-reporter.ts', import.meta.url))
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { ProofReporter } from '${reporter}'
    const names = ${JSON.stringify(names)}
    const wanted = names.map((tag) => ({ tag, file: tag + '.test.ts' }))
    export default { test: { tags: names.map((name) => ({ name })), expect: { requireAssertions: true },
      reporters: [new ProofReporter(() => wanted, import.meta.dirname)] } }\n`,
  )
  const vitest = fileURLToPath(new URL('node_modules/vitest/vitest.mjs', root))
  const { VITEST: _, ...env } = process.env
  return new Promise((resolve) => {
    const args = [vitest, 'run', '--root', folder]
    const child = execFile(process.execPath, args, { cwd: folder, env }, (_error, _stdout, stderr) => {
      const unproven = [...stderr.matchAll(/^Unproven '([^']+)'/gm)].map(([, name = '']) => name)
      resolve({ code: child.exitCode, unproven })
    })
  })
}
