import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readManifest } from './accuracy/manifest.ts'
import { scan } from './accuracy/scan.ts'
import { type Score, scorePredictions } from './accuracy/score/score-predictions.ts'

/**
 * `npm run bench:gate -- FOLDER`: makes the small bench with FOLDER/make-bench.py, searches it through `kinoprint scan`,
 * and fails where accuracy falls under these floors. They lie just below what was reached (1.000, 1.000, 0.979, 0).
 */
const floors: readonly Floor[] = [
  { name: 'micro-AP', least: 0.985, of: ({ microAP }) => microAP },
  { name: 'recall with no false pair', least: 0.95, of: ({ withoutFalse }) => withoutFalse.recall },
  { name: 'segment F1 there', least: 0.93, of: ({ withoutFalse }) => withoutFalse.segments.f1 },
]

type Floor = { readonly name: string; readonly least: number; readonly of: (score: Score) => number }

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function gate(folder: string): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-gate-'))
  try {
    const bench = join(work, 'bench')
    say(`Making the small bench of ${folder} …`)
    const maker = [
      join(folder, 'make-bench.py'),
      '--split',
      'dev',
      '--size',
      'smoke',
      '--nice',
      '0',
      '--out',
      bench,
    ]
    const made = spawnSync('python3', maker, { stdio: 'inherit' })
    if (made.status !== 0) throw new Error(`make-bench.py ended with ${made.status ?? made.signal}.`)
    const manifest = readManifest(bench)
    say(`Searching ${manifest.library.length} videos with ${manifest.queries.length} …`)
    const place = { dataDir: join(work, 'data') }
    const { predictions } = await scan(manifest, { place, search: 'all', say })
    return judge(scorePredictions(manifest, predictions))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function judge(score: Score): boolean {
  const missed = floors.filter(({ name, least, of }) => {
    say(`${name}: ${of(score).toFixed(3)} (floor ${least})`)
    return !(of(score) >= least)
  })
  const wrong = score.acceptedAndWrong
  say(`reported although wrong: ${wrong.length} (0 allowed)${wrong.map((pair) => `\n  ${pair}`).join('')}`)
  return missed.length === 0 && wrong.length === 0
}

const folder = process.argv[2]
if (folder === undefined || !existsSync(join(folder, 'make-bench.py'))) {
  process.stderr.write('usage: npm run bench:gate -- FOLDER   (a folder with make-bench.py)\n')
  process.exitCode = 2
} else if (!(await gate(folder))) {
  process.stderr.write('Accuracy fell under its floors.\n')
  process.exitCode = 1
}
