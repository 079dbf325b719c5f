import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBench } from './accuracy/make-bench.ts'
import { type Manifest, readManifest } from './accuracy/manifest.ts'
import { scan } from './accuracy/scan.ts'
import { type Score, scorePredictions } from './accuracy/score/score-predictions.ts'

/**
 * `npm run bench:gate [-- FOLDER]` searches a small bench through `kinoprint scan` and fails where accuracy is below the
 * floors. Without FOLDER it renders the footage, the attacks and the negatives. With FOLDER it runs
 * FOLDER/make-bench.py, which makes the same of real footage.
 */
const MEASURES: readonly { readonly name: keyof Floors; readonly of: (score: Score) => number }[] = [
  { name: 'micro-AP', of: ({ microAP }) => microAP },
  { name: 'recall without a false pair', of: ({ withoutFalse }) => withoutFalse.recall },
  { name: 'segment F1 without a false pair', of: ({ withoutFalse }) => withoutFalse.segments.f1 },
]

/** The least value of each measure, 0 to 1. */
type Floors = {
  readonly 'micro-AP': number
  readonly 'recall without a false pair': number
  readonly 'segment F1 without a false pair': number
}

/** Just below what the small bench of real footage reaches: 1.000, 1.000, 0.979. */
const FLOORS_OF_REAL_FOOTAGE: Floors = {
  'micro-AP': 0.985,
  'recall without a false pair': 0.95,
  'segment F1 without a false pair': 0.93,
}

/** Just below what rendered footage reaches. */
const FLOORS_OF_RENDERED_FOOTAGE: Floors = {
  'micro-AP': 0.985,
  'recall without a false pair': 0.95,
  'segment F1 without a false pair': 0.93,
}

/** The same footage at each run: the gate judges the matcher and not the luck of a seed. */
const SEED = 'gate'

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Whether accuracy reaches the floors. */
async function gate(folder: string | undefined): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-gate-'))
  try {
    const bench = join(work, 'bench')
    const manifest =
      folder === undefined
        ? await makeBench(bench, { seed: SEED, size: 'smoke', originals: undefined, say })
        : makeBenchWith(join(folder, 'make-bench.py'), bench)
    say(`Searching ${manifest.library.length} videos with ${manifest.queries.length} …`)
    const place = { dataDir: join(work, 'data') }
    const { predictions } = await scan(manifest, { place, search: 'all', say })
    const floors = folder === undefined ? FLOORS_OF_RENDERED_FOOTAGE : FLOORS_OF_REAL_FOOTAGE
    return judge(scorePredictions(manifest, predictions), floors)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function makeBenchWith(maker: string, folder: string): Manifest {
  const args = [maker, '--split', 'dev', '--size', 'smoke', '--nice', '0', '--out', folder]
  const { status, signal } = spawnSync('python3', args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${maker} ended with ${status ?? signal}.`)
  return readManifest(folder)
}

function judge(score: Score, floors: Floors): boolean {
  const missed = MEASURES.filter(({ name, of }) => {
    say(`${name}: ${of(score).toFixed(3)} (floor ${floors[name]})`)
    return !(of(score) >= floors[name])
  })
  const wrong = score.acceptedAndWrong
  say(`wrong pairs reported: ${wrong.length} (0 allowed)${wrong.map((pair) => `\n  ${pair}`).join('')}`)
  for (const { family, pairs, recallWithoutFalse } of score.families)
    if (pairs > 0 && recallWithoutFalse < 1) say(`not all found: ${family}, ${recallWithoutFalse.toFixed(2)}`)
  return missed.length === 0 && wrong.length === 0
}

if (!(await gate(process.argv[2]))) {
  process.stderr.write('Accuracy is below its floors.\n')
  process.exitCode = 1
}
