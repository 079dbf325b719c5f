import { defineConfig } from 'vitest/config'
import { readTags } from './tests/proofs/documents.ts'
import { ProofReporter } from './tests/proofs/proof-reporter.ts'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['tests/build-threads.ts', 'tests/servers.ts'],
    reporters: ['default', new ProofReporter()],
    // Tests carry as a tag the id of what they prove in INVARIANTS.md and docs/compatibility.md.
    tags: readTags(),
    // They end what hangs; no test is judged by its speed, and the machine may have ten times its work to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 250_000 }, requireAssertions: true },
    maxWorkers: 2,
  },
})
