import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { root } from './documents.ts'
import { listWantedProofs, type WantedProof } from './test-files.ts'

/** A test file that ran, and its tests with their tags and results. */
export type RanFile = { readonly file: string; readonly tests: readonly RanTest[] }
type RanTest = { readonly name: string; readonly tags: readonly string[]; readonly state: string }

/**
 * Describes what the run left unproven. In each file that ran, every test with a required tag must have passed, and at
 * least one must have run. Ignores files that did not run.
 */
export function findUnproven(wanted: readonly WantedProof[], ran: readonly RanFile[]): string[] {
  const testsOf = new Map(ran.map(({ file, tests }) => [file, tests]))
  return wanted.flatMap(({ tag, file }) => {
    const tests = testsOf.get(file)
    if (tests === undefined) return []
    const tagged = tests.filter(({ tags }) => tags.includes(tag))
    if (tagged.length === 0) return [`'${tag}': no test of ${file} with this tag ran.`]
    return tagged
      .filter(({ state }) => state !== 'passed')
      .map(({ name, state }) => `'${tag}': the test '${name}' of ${file} did not pass: ${state}.`)
  })
}

/** Fails a run in which a test that proves a rule of INVARIANTS.md or docs/compatibility.md did not pass. */
export class ProofReporter implements Reporter {
  readonly #listWanted: () => readonly WantedProof[]
  readonly #folder: string
  #isFiltered = false

  constructor(listWanted: () => readonly WantedProof[] = listWantedProofs, folder = fileURLToPath(root)) {
    this.#listWanted = listWanted
    this.#folder = folder
  }

  onInit({ config }: Vitest): void {
    // A filter by name or tag excludes most tests of a file on purpose.
    this.#isFiltered = config.testNamePattern !== undefined || (config.tagsFilter ?? []).length > 0
  }

  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: string): void {
    if (this.#isFiltered || reason === 'interrupted') return
    const ran = modules.map((module) => ({
      file: relative(this.#folder, module.moduleId).replaceAll('\\', '/'),
      tests: [...module.children.allTests()].map((test) => ({
        name: test.fullName,
        tags: test.tags,
        state: test.result().state,
      })),
    }))
    const unproven = findUnproven(this.#listWanted(), ran)
    if (unproven.length === 0) return
    for (const line of unproven) process.stderr.write(`Unproven ${line}\n`)
    process.exitCode = 1
  }
}
