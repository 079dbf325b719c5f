import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stockFilms } from './batch.ts'
import { uploadClips } from './clips.ts'
import { type FaultCase, faultTable } from './fault-table.ts'
import { temporaryFiles } from './outcome.ts'
import { decodersIn } from './processes.ts'
import {
  adminCheck,
  differences,
  duplicatesOf,
  lostOf,
  type Run,
  runUndisturbed,
  runWithFault,
  strayStills,
} from './run-fault.ts'
import { type Stack, startStack } from './stack.ts'

/** Number of jobs around every fault. Set by `npm run test:faults:long`. */
const LONG_JOBS = Number(process.env.FAULT_JOBS ?? 0)
const JOBS = LONG_JOBS || 10
const CLEAN_LIMIT_MS = 250_000
const TEST_LIMIT_MS = 1_200_000 + JOBS * 5_000
const only = process.env.FAULT

function secondsOf({ seconds }: FaultCase): number | null {
  return LONG_JOBS > 0 ? seconds.long : seconds.short
}
const faults = faultTable.filter(
  (fault) => secondsOf(fault) !== null && (only === undefined || fault.name.includes(only)),
)
const table: string[][] = []

describe(`the product during ${JOBS} mixed jobs on two workers`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-fault-clips-'))
  let stack: Stack
  let films = ''
  let undisturbed: Run

  beforeAll(async () => {
    stack = await startStack()
    await uploadClips(stack.client, { folder, names: JOBS })
    films = await stockFilms(stack.client)
    undisturbed = await runUndisturbed(stack, { batch: 'undisturbed', films, jobs: JOBS })
  }, TEST_LIMIT_MS)
  afterAll(async () => {
    await stack.close()
    rmSync(folder, { recursive: true, force: true })
    report()
  })

  test('completes all jobs when nothing fails', async () => {
    const states = undisturbed.rows.map(({ state }) => state)
    expect(states.filter((state) => state === 'Success')).toHaveLength(JOBS * 0.9)
    expect(states.filter((state) => state === 'Failed')).toHaveLength(JOBS * 0.1)
    const finds = undisturbed.rows.filter(({ n }) => n % 10 < 4)
    expect(finds.filter(({ result }) => result?.detections.length !== 1)).toEqual([])
    expect(differences(undisturbed, undisturbed)).toEqual([])
    expect(await adminCheck(stack)).toEqual([])
  })

  test.each(faults)(
    'loses nothing and repeats nothing when $name',
    { tags: ['job-ends'], timeout: TEST_LIMIT_MS },
    async (fault) => {
      const seconds = secondsOf(fault) ?? 0
      const reason = fault.unable?.(stack) ?? null
      if (reason !== null) {
        note([fault.name, `NOT RUN: ${reason}`])
        return
      }
      const run = await runWithFault(stack, fault, {
        batch: fault.name.replaceAll(/\W+/g, '-'),
        films,
        jobs: JOBS,
        seconds,
      })
      const twice = duplicatesOf(run)
      note([
        fault.name,
        run.outageSeconds.toFixed(1),
        String(run.inFlight),
        String(lostOf(run, undisturbed)),
        `${twice.jobs} + ${twice.callbacks}`,
        run.recoverySeconds.toFixed(1),
        run.inFlightSeconds.toFixed(1),
      ])
      expect(differences(run, undisturbed)).toEqual([])
      expect(endedByThemselves(stack)).toEqual([])
      await expect.poll(() => decodersIn(stack.folder), { timeout: CLEAN_LIMIT_MS }).toEqual([])
      await expect.poll(() => temporaryFiles(stack), { timeout: CLEAN_LIMIT_MS }).toEqual([])
      expect(await strayStills(stack)).toEqual([])
      expect(await checkFaults(stack)).toEqual([])
    },
  )
})

/** Uses the command line in the long form, otherwise the admin route. */
async function checkFaults(stack: Stack): Promise<readonly string[]> {
  if (LONG_JOBS > 0) return adminCheck(stack)
  const check = '/maintenance/check'
  return (await stack.client.adminJson<{ result: { faults: string[] } }>('POST', check)).result.faults
}

/** A fault must not end a process. */
function endedByThemselves({ api, workers }: Stack): string[] {
  return [api, ...workers].filter(({ child }) => child.exitCode !== null).map(({ name }) => name)
}

/** The long form also prints each line at once. */
function note(line: string[]): void {
  table.push(line)
  if (LONG_JOBS > 0) process.stdout.write(`${line.join(' | ')}\n`)
}

/** Printed after success and after failure. */
function report(): void {
  const head = [
    'fault',
    'outage s',
    'jobs in flight',
    'lost',
    'duplicated: jobs + callbacks',
    'recovery s',
    'all in flight s',
  ]
  const lines = [head, ...table]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const text = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  process.stdout.write(`\n${text.join('\n')}\n`)
}
