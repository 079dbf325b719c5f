import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stockFilms } from './batch.ts'
import { uploadClips } from './clips.ts'
import { temporaryFiles } from './outcome.ts'
import { decodersIn } from './processes.ts'
import { adminCheck } from './run-fault.ts'
import { SOAK_NAMES, startSoakLoad } from './soak-load.ts'
import { type Growth, growthOf, isVacuumed, type Sample, tablesOf, takeSample } from './soak-samples.ts'
import { type Stack, startStack } from './stack.ts'

/** `npm run test:soak`: a steady load for 30 minutes or SOAK_MINUTES. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 30)
/** Minute 5 of 30, by which caches are warm. */
const WARM_MINUTES = MINUTES / 6
const WINDOW_MINUTES = Math.min(2, MINUTES / 6)
const EVERY_MS = 1_000
const SAMPLE_MS = 5_000
const END_LIMIT_MS = 120_000

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-soak-clips-'))
const stack = await startStack({ workers: 2, concurrency: 1 })
try {
  await uploadClips(stack.client, { folder, names: SOAK_NAMES })
  const films = await stockFilms(stack.client)
  const faults = await soak(stack, films)
  for (const fault of faults) process.stdout.write(`FAULT: ${fault}\n`)
  process.stdout.write(faults.length === 0 ? 'Nothing grows.\n' : '')
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
}

async function soak(stack: Stack, films: string): Promise<string[]> {
  const load = startSoakLoad(stack, { films, everyMs: EVERY_MS })
  const began = Date.now()
  const minute = () => (Date.now() - began) / 60_000
  const samples: Sample[] = []
  while (minute() < MINUTES) {
    await delay(SAMPLE_MS)
    samples.push(takeSample(stack, minute()))
  }
  await load.stop()
  const growth = growthOf(
    samples.filter((sample) => Math.abs(sample.minute - WARM_MINUTES) <= WINDOW_MINUTES / 2),
    samples.filter((sample) => sample.minute > MINUTES - WINDOW_MINUTES),
  )
  const tables = await tablesOf(stack)
  process.stdout.write(`${load.submitted()} jobs in ${MINUTES} minutes\n`)
  for (const { what, begin, end } of growth)
    process.stdout.write(
      `${what}: ${begin.toFixed(1)} in minute ${WARM_MINUTES}, ${end.toFixed(1)} at the end\n`,
    )
  for (const { name, live, dead, vacuums } of tables)
    process.stdout.write(`table ${name}: ${live} rows, ${dead} dead, vacuumed ${vacuums} times\n`)
  return [
    ...growth.filter(({ fits }) => !fits).map(grown),
    ...tables.filter((table) => !isVacuumed(table)).map(({ name }) => `Table ${name} is not vacuumed.`),
    ...(await leftovers(stack)),
  ]
}

function grown({ what, begin, end }: Growth): string {
  return `${what} grew from ${begin.toFixed(1)} to ${end.toFixed(1)}.`
}

/** What is left when every job should have ended. */
async function leftovers(stack: Stack): Promise<string[]> {
  const until = Date.now() + END_LIMIT_MS
  const left = async (): Promise<string[]> => {
    const [open] = await stack.sql<{ jobs: number; callbacks: number }>(
      `select (select count(*)::int from jobs where ended_at is null) as jobs,
         (select count(*)::int from deliveries where status <> 'Delivered') as callbacks`,
    )
    const { jobs = 0, callbacks = 0 } = open ?? {}
    return [
      ...(jobs + callbacks > 0 ? [`${jobs} jobs and ${callbacks} callbacks did not end.`] : []),
      ...temporaryFiles(stack).map((path) => `${path} was left behind.`),
      ...decodersIn(stack.folder).map((command) => `Still running: ${command}`),
    ]
  }
  while ((await left()).length > 0 && Date.now() < until) await delay(SAMPLE_MS)
  return [...(await left()), ...(await adminCheck(stack))]
}
