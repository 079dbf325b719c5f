import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const module = new URL('hide-environment.ts', import.meta.url).href

/** Runs code in a process that has hidden its environment. */
function run(body: string, env: Record<string, string>): unknown {
  const code = `
    import { execFileSync } from 'node:child_process'
    import { readFileSync } from 'node:fs'
    const { hideEnvironment } = await import(${JSON.stringify(module)})
    hideEnvironment(['SECRET_KEY', 'ADMIN_TOKEN'])
    process.stdout.write(JSON.stringify(await (async () => { ${body} })()))`
  const args = ['--import', 'tsx', '--input-type=module', '-e', code]
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))
  const base = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }
  return JSON.parse(execFileSync(process.execPath, args, { cwd, env: { ...base, ...env }, encoding: 'utf8' }))
}

const CANARIES = { SECRET_KEY: 'canary-signing', ADMIN_TOKEN: 'canary-admin', AWS_SECRET: 'canary-other' }

test('a child process reads no value from the environment of its parent in /proc', {
  tags: ['decoder-secrets'],
}, () => {
  const shown = run(
    `return execFileSync('sh', ['-c', 'cat /proc/$PPID/environ; cat /proc/$PPID/task/*/environ'], { encoding: 'latin1' })`,
    CANARIES,
  )
  expect(shown).not.toContain('canary')
  expect(String(shown)).toContain('SECRET_KEY')
})

test('child processes inherit no secret, and all other variables', () => {
  const inherited = String(run(`return execFileSync('env', { encoding: 'utf8' })`, CANARIES))
  expect(inherited).not.toContain('canary-signing')
  expect(inherited).not.toContain('canary-admin')
  expect(inherited).toContain('AWS_SECRET=canary-other')
  expect(inherited).toContain(`PATH=${process.env.PATH}`)
})

test('variables that are not secret stay readable, including empty and long ones', () => {
  const long = 'ü'.repeat(20_000)
  const seen = run(
    'return [process.env.AWS_SECRET, process.env.EMPTY, process.env.LONG, process.env.SECRET_KEY ?? null]',
    {
      ...CANARIES,
      EMPTY: '',
      LONG: long,
    },
  )
  expect(seen).toEqual(['canary-other', '', long, null])
})
