import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Vitest's global setup: compiles the workspaces, because worker threads run compiled code (`compiledFile` in
 * packages/core), packs the template of embedded databases, and builds the console, which the product serves. Takes
 * about a second if little has changed. Type errors are printed but do not stop the tests: the compiler still writes its
 * output, and `npm run typecheck` fails on them.
 */
export default function buildThreads(): void {
  // Each project runs this; the first one builds for all.
  if (process.env.TEST_BUILD_DONE) return
  process.env.TEST_BUILD_DONE = 'yes'
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const root = join(import.meta.dirname, '..')
  spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const template = join(root, 'services/cli/dist/build-template.js')
  spawnSync(process.execPath, [template], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const bundler = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  spawnSync(process.execPath, [bundler, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'services/console'),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}
