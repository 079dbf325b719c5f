import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../../tests/e2e/client.ts'
import { type Product, startEmbedded } from '../../tests/e2e/product.ts'
import { median } from '../median.ts'
import type { Bench, BenchReport, Row } from '../report.ts'
import { type Inputs, makeInputs } from './inputs.ts'
import { costOf, decodingOf, type Run } from './measure.ts'
import { peakOnServers, startTimes } from './memory-and-start.ts'

const SECONDS = 300
const ROUNDS = 3
const STORE_SHORT = 'store an excerpt of 8 to 18 s'
const SEARCH_SHORT = 'search with an excerpt of 8 to 18 s'

export const ingestFlags = ['originals', 'seconds', 'rounds', 'inputs'] as const

/**
 * Measures the cost of storing and searching relative to A, the cost of decoding the same file with ffmpeg. Each round
 * runs A, the store and the searches in turn, so that other load affects all of them equally. The table contains the medians.
 */
export const benchIngest: Bench = async ({ print, flags }) => {
  const seconds = Number(flags.seconds ?? SECONDS)
  const rounds = Number(flags.rounds ?? ROUNDS)
  const scratch = mkdtempSync(join(tmpdir(), 'kinoprint-bench-'))
  try {
    const inputs = await makeInputs({
      folder: flags.inputs ?? scratch,
      seconds,
      originals: flags.originals,
      print,
    })
    const product = await startEmbedded()
    const runs = await measureAll(product, inputs, { rounds, print }).finally(() => product.close())
    print('Running two long jobs on servers …')
    const memory = await peakOnServers(inputs.long)
    print('Measuring start times …')
    const starts = await startTimes(join(scratch, 'data'))
    return report(runs, [
      { what: 'peak memory of a worker process with two jobs of 29 minutes, MB', value: memory.toFixed(0) },
      { what: 'npm start to ready on an empty folder, s', value: starts.first.toFixed(1) },
      { what: 'npm start to ready on a warm folder, s', value: median(starts.warm).toFixed(1) },
    ])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

type Measuring = { readonly rounds: number; readonly print: (line: string) => void }

async function measureAll(product: Product, inputs: Inputs, { rounds, print }: Measuring): Promise<Run[]> {
  const client = createClient(product.address)
  const [pid] = product.processes.map((child) => child.pid)
  if (pid === undefined) throw new Error('The product has no process.')
  const runs: Run[] = []
  const measure = async (
    { path, ...of }: { film: string; what: string; path: string },
    job: { rule: 'GetFingerPrint' | 'FindSimilarVideo'; library: string; object: string },
  ): Promise<void> => {
    // One measurement of A is used for all work on the same file in a round.
    const known = runs.findLast(({ film, what }) => film === of.film && what === 'store')
    const isFilm = of.what === 'search with itself' && known !== undefined
    const reference = isFilm ? known.reference : await decodingOf(path)
    await client.upload(job.object, path)
    runs.push({ ...of, reference, cost: await costOf(client, pid, job) })
  }
  const warm = { library: await client.createLibrary({ detectOnStore: false }), object: 'warm.mp4' }
  await client.upload(warm.object, inputs.shorts[0] as string)
  await costOf(client, pid, { rule: 'GetFingerPrint', ...warm })
  for (let round = 1; round <= rounds; round++) {
    for (const [n, { name: film, path }] of inputs.films.entries()) {
      print(`Round ${round} of ${rounds}: ${film} …`)
      const library = await client.createLibrary({ detectOnStore: false })
      const find = { rule: 'FindSimilarVideo', library } as const
      const at = `${round}-${n}`
      await measure({ film, what: 'store', path }, { rule: 'GetFingerPrint', library, object: `${at}.mp4` })
      await measure({ film, what: 'search with itself', path }, { ...find, object: `${at}-itself.mp4` })
      if (n > 0) continue
      const half = { film, what: 'search with half of it inside another', path: inputs.half }
      await measure(half, { ...find, object: `${at}-half.mp4` })
      const others = await client.createLibrary({ detectOnStore: false })
      for (const [q, path] of inputs.shorts.entries()) {
        const object = `${at}-short-${q}.mp4`
        const store = { rule: 'GetFingerPrint', library: others, object } as const
        await measure({ film, what: STORE_SHORT, path }, store)
        await measure({ film, what: SEARCH_SHORT, path }, { ...find, object: `searched-${object}` })
      }
    }
  }
  return runs
}

function isShort(what: string): boolean {
  return what === STORE_SHORT || what === SEARCH_SHORT
}

function report(runs: readonly Run[], others: readonly Row[]): BenchReport {
  const kinds = [...new Set(runs.map(({ film, what }) => `${film}\n${what}`))]
  const rows = kinds.map((kind) => {
    const same = runs.filter(({ film, what }) => `${film}\n${what}` === kind)
    const of = (value: (run: Run) => number): string => median(same.map(value)).toFixed(2)
    const [film = '', what = ''] = kind.split('\n')
    return {
      film,
      what,
      // Starting programs costs more than decoding a short video, so the difference from A says more than a ratio.
      CPU: isShort(what)
        ? `A + ${of(({ cost, reference }) => cost.cpu - reference.cpu)} s`
        : `${of(({ cost, reference }) => cost.cpu / reference.cpu)} A`,
      'A, CPU s': of(({ reference }) => reference.cpu),
      'wall / wall of A': of(({ cost, reference }) => cost.wall / reference.wall),
      'wall, s': of(({ cost }) => cost.wall),
    }
  })
  const load = { what: 'load average at the end', value: (loadavg()[0] ?? 0).toFixed(1) }
  return { name: 'ingest', rows, more: { 'Other figures': [...others, load] }, details: runs }
}
