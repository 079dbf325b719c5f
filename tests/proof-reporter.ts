import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { type Proof, readProven } from './proofs.ts'

const DOCUMENTS = ['INVARIANTS.md', 'docs/compatibility.md']
const root = fileURLToPath(new URL('..', import.meta.url))

/** What a file's tests came to: their names as they ran. */
export type RanFile = { readonly file: string; readonly passed: readonly string[] }

/**
 * Proofs in the files that ran of which no test has passed. A run of everything judges every proof, a run of one file
 * that file's own.
 */
export function unproven(proofs: readonly Proof[], ran: readonly RanFile[]): Proof[] {
  const passed = new Map(ran.map(({ file, passed }) => [file, passed]))
  return proofs.filter(({ file, title }) => {
    const names = passed.get(file)
    return names !== undefined && !names.some((name) => patternOf(title).test(name))
  })
}

/** A title of `test.each` has `%s` and `$name` where its tests have values. */
function patternOf(title: string): RegExp {
  const parts = title
    .split(/%[sdifjoOp#]|\$[\w.]+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

/** Fails a run in which a test that a document names as its proof did not pass, skipped ones included. */
export class ProofReporter implements Reporter {
  #isPartOfFile = false

  onInit(vitest: Vitest): void {
    // With -t most tests of a file are left out on purpose.
    this.#isPartOfFile = vitest.config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: string): void {
    if (this.#isPartOfFile || reason === 'interrupted') return
    const ran = modules.map((module) => ({
      file: relative(root, module.moduleId).replaceAll('\\', '/'),
      passed: [...module.children.allTests('passed')].map(({ name }) => name),
    }))
    const wrong = unproven(
      DOCUMENTS.flatMap((path) => readProven(path).proofs),
      ran,
    )
    if (wrong.length === 0) return
    for (const { name, file, title } of wrong)
      process.stderr.write(`Unproven: "${name}" needs a passing test '${title}' in ${file}.\n`)
    process.exitCode = 1
  }
}
