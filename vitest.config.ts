import { defineConfig } from 'vitest/config'
import { OPTIMISE_LATE } from './tests/node-options.ts'
import { readTags } from './tests/proofs/documents.ts'
import { ProofReporter } from './tests/proofs/proof-reporter.ts'

/** The test files of each project. The architecture test checks that a unit test needs nothing but Node. */
const files = {
  unit: [
    '{packages,services,bench}/**/*.test.ts',
    'tests/*.test.ts',
    'tests/{language,patterns,proofs}/**/*.test.ts',
  ],
  mock: ['{packages,services,bench,tests}/**/*.mock.test.ts'],
  integration: ['{packages,services,bench,tests}/**/*.integration.test.ts', 'tests/matching/**/*.test.ts'],
  e2e: ['tests/{compat,console,e2e,hostile-input,security}/**/*.test.ts'],
  faults: ['tests/faults/**/*.test.ts'],
  network: ['tests/e2e/cluster.test.ts'],
}

/** Files that belong to another project although the patterns of this one include them. */
const elsewhere: Partial<Record<string, readonly string[]>> = {
  unit: ['**/*.integration.test.ts', ...files.mock],
  e2e: files.network,
}

const needsOnlyNode = (name: string): boolean => ['unit', 'mock'].includes(name)

const built = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    reporters: ['default', new ProofReporter()],
    // Tests carry as a tag the id of what they prove in INVARIANTS.md and docs/compatibility.md.
    tags: readTags(),
    // These limits end what hangs. No test is judged by its speed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 250_000 }, requireAssertions: true },
    // One more than the cores of a small machine, because many tests wait: for leases, retries and servers that start.
    maxWorkers: 3,
    projects: Object.entries(files).map(([name, include]) => ({
      extends: true as const,
      test: {
        name,
        include,
        exclude: [...built, ...(elsewhere[name] ?? [])],
        // Other tests leave modules and globals as they are, so each worker loads the modules only once.
        isolate: name === 'mock',
        execArgv: [...OPTIMISE_LATE],
        // New network interfaces break the requests of every browser on the machine, so these tests run last and alone.
        sequence: { groupOrder: name === 'network' ? 1 : 0 },
        globalSetup: needsOnlyNode(name) ? [] : ['tests/build-threads.ts', 'tests/servers.ts'],
      },
    })),
  },
})
