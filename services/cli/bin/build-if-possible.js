#!/usr/bin/env node
// npm runs this before `start` and after `ci`. It builds if the compiler is installed. After `npm prune --omit=dev` the
// compiler is missing, and the existing build is used.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const built = fileURLToPath(new URL('../dist/main.js', import.meta.url))

function hasCompiler() {
  try {
    createRequire(import.meta.url).resolve('typescript/package.json')
    return true
  } catch {
    return false
  }
}

if (hasCompiler()) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
} else if (!existsSync(built)) {
  console.error('Kinoprint is not built, and the compiler is not installed. Run: npm ci')
  process.exitCode = 1
}
