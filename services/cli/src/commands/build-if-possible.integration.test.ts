import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../bin/build-if-possible.js', import.meta.url))

/** A checkout after `npm prune --omit=dev`: no compiler anywhere above the script. */
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-pruned-'))
  mkdirSync(join(folder, 'services/cli/bin'), { recursive: true })
  copyFileSync(script, join(folder, 'services/cli/bin/build-if-possible.js'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function build() {
  return spawnSync(process.execPath, ['services/cli/bin/build-if-possible.js'], {
    cwd: folder,
    encoding: 'utf8',
  })
}

test('without the compiler, an existing build is left unchanged', () => {
  mkdirSync(join(folder, 'services/cli/dist'))
  writeFileSync(join(folder, 'services/cli/dist/main.js'), '')
  expect(build()).toMatchObject({ status: 0, stderr: '' })
})

test('without a compiler or a build, the message names the command to run', () => {
  expect(build()).toMatchObject({
    status: 1,
    stderr: 'Kinoprint is not built, and the compiler is not installed. Run: npm ci\n',
  })
})
