import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPTIMISE_LATE } from '../tests/node-options.ts'
import { type Kind, makeBench } from './accuracy/make-bench.ts'
import { type Manifest, readManifest } from './accuracy/manifest.ts'
import { RENDERED, renderOriginals } from './accuracy/originals.ts'
import { scan } from './accuracy/scan.ts'
import { type Score, scorePredictions } from './accuracy/score/score-predictions.ts'

/**
 * `npm run bench:gate [-- FOLDER]` searches small benches through `kinoprint scan` and fails if accuracy is below the
 * floors. Without FOLDER it renders footage and makes attacks and the gauntlet. With FOLDER it makes them from real
 * footage by FOLDER/make-bench.py and, if it exists, FOLDER/make-gauntlet.py.
 */

/** Minimum values, 0..1. Recall and F1 are those without a false pair. */
type Floors = {
  readonly microAP: number
  readonly recall: number
  readonly segmentF1: number
}

/** Wrong pairs that each bench may report. */
const WRONG_ALLOWED = 0

/** Just below the results of each bench. Raise them when the results rise. */
const FLOORS = {
  'rendered attacks': { microAP: 0.985, recall: 0.95, segmentF1: 0.93 },
  'rendered gauntlet': { microAP: 0.91, recall: 0.82, segmentF1: 0.86 },
  'real attacks': { microAP: 0.985, recall: 0.95, segmentF1: 0.93 },
  'real gauntlet': { microAP: 0.92, recall: 0.86, segmentF1: 0.85 },
} as const satisfies Record<string, Floors>
type BenchName = keyof typeof FLOORS

const MEASURES: readonly {
  readonly name: string
  readonly of: (score: Score) => number
  readonly floor: (floors: Floors) => number
}[] = [
  { name: 'micro-AP', of: ({ microAP }) => microAP, floor: ({ microAP }) => microAP },
  {
    name: 'recall without a false pair',
    of: ({ withoutFalse }) => withoutFalse.recall,
    floor: ({ recall }) => recall,
  },
  {
    name: 'segment F1 without a false pair',
    of: ({ withoutFalse }) => withoutFalse.segments.f1,
    floor: ({ segmentF1 }) => segmentF1,
  },
]

/** Fixed, so that the gate judges the matcher and not the seed. */
const SEED = 'gate'

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Whether every bench reaches its floors. */
async function gate(folder: string | undefined): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-gate-'))
  try {
    return folder === undefined ? await gateOnRendered(work) : await gateOnReal(work, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function gateOnReal(work: string, folder: string): Promise<boolean> {
  const attacks = await measure('real attacks', work, (bench) =>
    makeBenchWith(join(folder, 'make-bench.py'), bench),
  )
  const maker = join(folder, 'make-gauntlet.py')
  if (!existsSync(maker)) return attacks
  return (await measure('real gauntlet', work, (bench) => makeBenchWith(maker, bench))) && attacks
}

async function gateOnRendered(work: string): Promise<boolean> {
  const originals = join(work, 'originals')
  const make = (kind: Kind) => (bench: string) =>
    makeBench(bench, { kind, seed: SEED, size: 'smoke', originals, print })
  await renderOriginals(originals, { count: RENDERED.smoke, seed: SEED, print })
  const attacks = await measure('rendered attacks', work, make('attacks'))
  return (await measure('rendered gauntlet', work, make('gauntlet'))) && attacks
}

/**
 * Makes a bench in `work`, searches it and compares the result with its floors. The benches of `work` share their
 * stored videos: each search covers those of its own bench.
 */
async function measure(
  name: BenchName,
  work: string,
  make: (folder: string) => Manifest | Promise<Manifest>,
): Promise<boolean> {
  print(`\n${name}`)
  const manifest = await make(join(work, name))
  print(`Searching ${manifest.library.length} videos with ${manifest.queries.length} queries …`)
  const scanLibrary = { dataDir: join(work, 'data') }
  const options = { scanLibrary, search: 'all', print, nodeOptions: OPTIMISE_LATE } as const
  const { predictions } = await scan(manifest, options)
  return judge(scorePredictions(manifest, predictions), FLOORS[name]) && manifest.skipped.length === 0
}

function makeBenchWith(maker: string, folder: string): Manifest {
  const args = [maker, '--split', 'dev', '--size', 'smoke', '--nice', '0', '--out', folder]
  const { status, signal } = spawnSync('python3', args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${maker} exited with ${status ?? signal}.`)
  return readManifest(folder)
}

function judge(score: Score, floors: Floors): boolean {
  const missed = MEASURES.filter(({ name, of, floor }) => {
    print(`${name}: ${of(score).toFixed(3)} (floor ${floor(floors)})`)
    return !(of(score) >= floor(floors))
  })
  const wrong = score.acceptedAndWrong
  const pairs = wrong.map((pair) => `\n  ${pair}`).join('')
  print(`wrong pairs reported: ${wrong.length} (${WRONG_ALLOWED} allowed)${pairs}`)
  for (const { family, pairs, recallWithoutFalse } of score.families)
    if (pairs > 0 && recallWithoutFalse < 1)
      print(`not all found: ${family}, ${recallWithoutFalse.toFixed(2)}`)
  return missed.length === 0 && wrong.length <= WRONG_ALLOWED
}

// A busy machine would starve decoders of the default priority.
process.env.DECODER_NICE ??= '0'
if (!(await gate(process.argv[2]))) {
  process.stderr.write('Accuracy is below the floors, or queries could not be made.\n')
  process.exitCode = 1
}
