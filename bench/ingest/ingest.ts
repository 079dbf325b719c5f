import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '../../tests/e2e/client.ts'
import { type Product, startEmbedded, startOnServers } from '../../tests/e2e/product.ts'
import startServers from '../../tests/servers.ts'
import { runTimed } from '../accuracy/run-timed.ts'
import { median } from '../median.ts'
import type { Bench, BenchReport } from '../report.ts'
import { type Inputs, makeInputs } from './inputs.ts'
import { cpuSecondsOf, peakMegabytesOf } from './process-cost.ts'

const SECONDS = 300
const ROUNDS = 3
const SMALL_SECONDS = 10

export const ingestFlags = ['originals', 'seconds', 'rounds', 'inputs'] as const

/**
 * What storing and searching cost against A, ffmpeg's decoding of the same file to nothing. Each round runs A, the
 * store and the searches one after the other, so that the machine's mood meets them all; the table has the medians.
 */
export const benchIngest: Bench = async ({ say, flags }) => {
  const seconds = Number(flags.seconds ?? SECONDS)
  const rounds = Number(flags.rounds ?? ROUNDS)
  const scratch = mkdtempSync(join(tmpdir(), 'kinoprint-bench-'))
  try {
    const inputs = await makeInputs({
      folder: flags.inputs ?? scratch,
      seconds,
      originals: flags.originals,
      say,
    })
    const begin = performance.now()
    const product = await startEmbedded()
    const readyMs = performance.now() - begin
    const runs = await measureAll(product, inputs, { rounds, say }).finally(() => product.close())
    const memory = await peakOnServers(inputs, say)
    return report(runs, { memory, readyMs })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

type Cost = { readonly cpu: number; readonly wall: number }
type Run = { readonly film: string; readonly what: string; readonly reference: Cost; readonly cost: Cost }
type Measuring = { readonly rounds: number; readonly say: (line: string) => void }

async function measureAll(product: Product, inputs: Inputs, { rounds, say }: Measuring): Promise<Run[]> {
  const client = createClient(product.address)
  const [pid] = product.processes.map((child) => child.pid)
  if (pid === undefined) throw new Error('The product has no process.')
  const runs: Run[] = []
  const warm = { library: await client.createLibrary(), object: 'warm.mp4' }
  await client.upload(warm.object, inputs.shorts[0] as string)
  await costOf(client, pid, { rule: 'GetFingerPrint', ...warm })
  for (let round = 1; round <= rounds; round++) {
    for (const [n, film] of inputs.films.entries()) {
      say(`Round ${round} of ${rounds}: ${film.name} …`)
      const library = await client.createLibrary()
      const asked = [{ what: 'search with itself', path: film.path }]
      if (n === 0) {
        asked.push({ what: 'search with half of it inside another', path: inputs.half })
        asked.push(...inputs.shorts.map((path) => ({ what: 'search with 8 to 18 s of it', path })))
      }
      const reference = await decodingOf(film.path)
      const object = `${round}-${n}.mp4`
      await client.upload(object, film.path)
      const cost = await costOf(client, pid, { rule: 'GetFingerPrint', library, object })
      runs.push({ film: film.name, what: 'store', reference, cost })
      for (const [q, { what, path }] of asked.entries()) {
        const query = `${round}-${n}-query-${q}.mp4`
        await client.upload(query, path)
        const own = path === film.path ? reference : await decodingOf(path)
        const searched = await costOf(client, pid, { rule: 'FindSimilarVideo', library, object: query })
        runs.push({ film: film.name, what, reference: own, cost: searched })
      }
    }
  }
  return runs
}

/** A: both streams decoded and thrown away. */
async function decodingOf(path: string): Promise<Cost> {
  const begin = performance.now()
  const { code, cpuSeconds, stderr } = await runTimed('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-i',
    path,
    '-f',
    'null',
    '-',
  ])
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${stderr}`)
  return { cpu: cpuSeconds, wall: (performance.now() - begin) / 1000 }
}

type Asked = {
  readonly rule: 'GetFingerPrint' | 'FindSimilarVideo'
  readonly library: string
  readonly object: string
}

/** From submit to Success, everything that the product's process and its children did meanwhile. */
async function costOf(client: Client, pid: number, asked: Asked): Promise<Cost> {
  const before = cpuSecondsOf(pid)
  const begin = performance.now()
  const jobId = await client.submit(asked)
  const job = await client.ended(jobId, 3_600_000, { patience: 0.02 })
  const wall = (performance.now() - begin) / 1000
  if (job.State !== 'Success') throw new Error(`Job ${jobId} ended ${job.State}: ${job.Message}`)
  if (asked.rule === 'FindSimilarVideo' && !job.Operation.DNAResult?.Detection)
    throw new Error(`${asked.object} was not found.`)
  return { cpu: cpuSecondsOf(pid) - before, wall }
}

/** Peak memory of one worker process on servers while it stores two films at once, in MB. */
async function peakOnServers({ films }: Inputs, say: (line: string) => void): Promise<number> {
  say('Two jobs at once on servers …')
  const stopServers = await startServers()
  const product = await startOnServers({ workers: 1, settings: { WORKER_CONCURRENCY: '2' } })
  try {
    const client = createClient(product.address)
    const library = await client.createLibrary()
    const ended = films.slice(0, 2).map(async ({ path }, n) => {
      await client.upload(`${n}.mp4`, path)
      return client.ended(
        await client.submit({ rule: 'GetFingerPrint', library, object: `${n}.mp4` }),
        3_600_000,
      )
    })
    await Promise.all(ended)
    const worker = product.processes[1]?.pid
    if (worker === undefined) throw new Error('There is no worker process.')
    return peakMegabytesOf(worker)
  } finally {
    await product.close()
    await stopServers()
  }
}

type Further = { readonly memory: number; readonly readyMs: number }

function report(runs: readonly Run[], { memory, readyMs }: Further): BenchReport {
  const kinds = [...new Set(runs.map(({ film, what }) => `${film}\n${what}`))]
  const rows = kinds.map((kind) => {
    const same = runs.filter(({ film, what }) => `${film}\n${what}` === kind)
    const of = (value: (run: Run) => number): string => median(same.map(value)).toFixed(2)
    return {
      film: same[0]?.film ?? '',
      what: same[0]?.what ?? '',
      'CPU / A': of(({ cost, reference }) => cost.cpu / reference.cpu),
      'CPU - A, s': of(({ cost, reference }) => cost.cpu - reference.cpu),
      'A, CPU s': of(({ reference }) => reference.cpu),
      'wall / wall of A': of(({ cost, reference }) => cost.wall / reference.wall),
      'wall, s': of(({ cost }) => cost.wall),
    }
  })
  const others = [
    { what: 'peak memory of a worker process with two jobs, MB', value: memory.toFixed(0) },
    { what: `median wall of a search with about ${SMALL_SECONDS} s, s`, value: smallWall(runs).toFixed(2) },
    { what: 'first start to ready, s', value: (readyMs / 1000).toFixed(1) },
    { what: 'load of the machine at the end', value: (loadavg()[0] ?? 0).toFixed(1) },
  ]
  return { name: 'ingest', rows, more: { 'Beside that': others }, details: runs }
}

function smallWall(runs: readonly Run[]): number {
  return median(runs.filter(({ what }) => what.startsWith('search with 8')).map(({ cost }) => cost.wall))
}
