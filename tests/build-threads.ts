import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Vitest's global setup: compiles the workspaces, because worker threads run compiled code (`compiledFile` in
 * packages/core). Takes about a second when little has changed. Type errors are shown and do not stop the tests: the
 * compiler writes its output all the same, and `npm run typecheck` refuses them.
 */
export default function buildThreads(): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const root = join(import.meta.dirname, '..')
  spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
