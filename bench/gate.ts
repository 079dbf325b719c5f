import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBench } from './accuracy/make-bench.ts'
import { type Manifest, readManifest } from './accuracy/manifest.ts'
import { scan } from './accuracy/scan.ts'
import { type Score, scorePredictions } from './accuracy/score/score-predictions.ts'

/**
 * `npm run bench:gate [-- FOLDER]` searches a small bench through `kinoprint scan` and fails if accuracy is below the
 * floors. Without FOLDER it renders footage, attacks and negatives. With FOLDER it runs FOLDER/make-bench.py, which
 * makes them of real footage.
 */
const MEASURES: readonly { readonly name: keyof Floors; readonly of: (score: Score) => number }[] = [
  { name: 'micro-AP', of: ({ microAP }) => microAP },
  { name: 'recall without a false pair', of: ({ withoutFalse }) => withoutFalse.recall },
  { name: 'segment F1 without a false pair', of: ({ withoutFalse }) => withoutFalse.segments.f1 },
]

/** The minimum value of each measure, 0..1. */
type Floors = {
  readonly 'micro-AP': number
  readonly 'recall without a false pair': number
  readonly 'segment F1 without a false pair': number
}

/** Just below the results of the small bench of real footage: 1.000, 1.000, 0.979. */
const FLOORS_OF_REAL_FOOTAGE: Floors = {
  'micro-AP': 0.985,
  'recall without a false pair': 0.95,
  'segment F1 without a false pair': 0.93,
}

/** Just below the results of rendered footage. */
const FLOORS_OF_RENDERED_FOOTAGE: Floors = {
  'micro-AP': 0.985,
  'recall without a false pair': 0.95,
  'segment F1 without a false pair': 0.93,
}

/** Fixed, so that the gate judges the matcher and not the seed. */
const SEED = 'gate'

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Whether accuracy reaches the floors. */
async function gate(folder: string | undefined): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-gate-'))
  try {
    const bench = join(work, 'bench')
    const manifest =
      folder === undefined
        ? await makeBench(bench, { seed: SEED, size: 'smoke', originals: undefined, print })
        : makeBenchWith(join(folder, 'make-bench.py'), bench)
    print(`Searching ${manifest.library.length} videos with ${manifest.queries.length} queries …`)
    const scanLibrary = { dataDir: join(work, 'data') }
    const { predictions } = await scan(manifest, { scanLibrary, search: 'all', print })
    const floors = folder === undefined ? FLOORS_OF_RENDERED_FOOTAGE : FLOORS_OF_REAL_FOOTAGE
    return judge(scorePredictions(manifest, predictions), floors)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function makeBenchWith(maker: string, folder: string): Manifest {
  const args = [maker, '--split', 'dev', '--size', 'smoke', '--nice', '0', '--out', folder]
  const { status, signal } = spawnSync('python3', args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${maker} exited with ${status ?? signal}.`)
  return readManifest(folder)
}

function judge(score: Score, floors: Floors): boolean {
  const missed = MEASURES.filter(({ name, of }) => {
    print(`${name}: ${of(score).toFixed(3)} (floor ${floors[name]})`)
    return !(of(score) >= floors[name])
  })
  const wrong = score.acceptedAndWrong
  print(`wrong pairs reported: ${wrong.length} (0 allowed)${wrong.map((pair) => `\n  ${pair}`).join('')}`)
  for (const { family, pairs, recallWithoutFalse } of score.families)
    if (pairs > 0 && recallWithoutFalse < 1)
      print(`not all found: ${family}, ${recallWithoutFalse.toFixed(2)}`)
  return missed.length === 0 && wrong.length === 0
}

// A busy machine would starve decoders of the default priority.
process.env.DECODER_NICE ??= '0'
if (!(await gate(process.argv[2]))) {
  process.stderr.write('Accuracy is below the floors.\n')
  process.exitCode = 1
}
