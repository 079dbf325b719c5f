import type { Environment } from '@kinoprint/runtime'
import { type NamedFinding, runChecks } from '../doctor/run-checks.ts'

/**
 * Prints what each check found and ends the process, which a connection without an answer would keep alive. The exit
 * code is 1 if something is missing.
 */
export async function doctor({
  environment,
  format,
}: {
  environment: Environment
  format: 'text' | 'json'
}): Promise<void> {
  const checks = await runChecks(environment)
  const isComplete = checks.every(({ state }) => state !== 'missing')
  const text = format === 'json' ? JSON.stringify({ ok: isComplete, checks }, null, 2) : findingsText(checks)
  process.stdout.write(`${text}\n`, () => process.exit(isComplete ? 0 : 1))
}

/** A line for each check, with its cure below. */
export function findingsText(checks: readonly NamedFinding[]): string {
  const width = Math.max(...checks.map(({ check }) => check.length))
  return checks
    .flatMap(({ check, state, found, cure }) => [
      `${state.padEnd('missing'.length)}  ${check.padEnd(width)}  ${found}`,
      ...(cure?.split('\n').map((line) => ' '.repeat('missing'.length + width + 4) + line) ?? []),
    ])
    .join('\n')
}
