import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProgram } from '../program.ts'
import { completion, type Shell } from './completion.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-completion-'))
const program = createProgram({ environment: {}, version: '1.2.3' })
const scriptOf = (shell: Shell): string => completion(program, shell)

beforeAll(() => {
  mkdirSync(join(folder, 'my films'))
  writeFileSync(join(folder, 'my film.mp4'), '')
  for (const shell of ['bash', 'zsh', 'fish'] as const) writeFileSync(join(folder, shell), scriptOf(shell))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What bash proposes for the last of the words. */
function proposed(...words: readonly string[]): string[] {
  const script = `source ./bash
COMP_WORDS=(kinoprint "$@"); COMP_CWORD=$#
_kinoprint
printf '%s\\n' "\${COMPREPLY[@]}"`
  const out = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  return out.split('\n').filter((line) => line !== '')
}

test('bash completes commands at every level', () => {
  expect(proposed('d')).toEqual(['duplicates', 'doctor'])
  expect(proposed('admin', 'li')).toEqual(['libraries'])
  expect(proposed('admin', 'libraries', '')).toEqual(
    expect.arrayContaining(['create', 'list', 'update', 'policy']),
  )
  expect(proposed('help', 'comp')).toEqual(['compare', 'completion'])
})

test('bash completes the options of the command that was typed', () => {
  expect(proposed('compare', '--so')).toEqual(['--sound'])
  expect(proposed('admin', 'libraries', 'create', '--min')).toEqual(['--min-similar'])
  expect(proposed('serve', '--so')).toEqual([])
})

test('bash completes the value of an option, also after an equals sign', () => {
  expect(proposed('compare', '--sound', 'o')).toEqual(['on', 'off', 'only'])
  expect(proposed('compare', '--sound', '=', 'of')).toEqual(['off'])
  expect(proposed('compare', '--sound', '=')).toEqual(['on', 'off', 'only'])
  expect(proposed('completion', '')).toEqual(['bash', 'zsh', 'fish'])
})

test('bash completes files and folders, also with spaces', () => {
  expect(proposed('compare', 'my')).toEqual(expect.arrayContaining(['my films', 'my film.mp4']))
  expect(proposed('scan', '--refs', 'my')).toEqual(['my films'])
  expect(proposed('duplicates', '--out', 'report.html', 'my')).toEqual(['my films'])
})

test('the value of an option is not taken for a command', () => {
  expect(proposed('scan', '--refs', 'admin', '--que')).toEqual(['--queries'])
  expect(proposed('admin', 'jobs', 'list', '--object', 'help', '--sta')).toEqual(['--state'])
})

test.each(['bash', 'zsh', 'fish'] as const)(
  'the %s script has no syntax error where the shell is installed',
  (shell) => {
    const check = `command -v "$1" >/dev/null || exit 0; exec "$1" -n "./$1"`
    expect(execFileSync('sh', ['-c', check, 'sh', shell], { cwd: folder, encoding: 'utf8' })).toBe('')
  },
)
