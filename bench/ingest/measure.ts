import type { Client } from '../../tests/e2e/client.ts'
import { runTimed } from '../accuracy/run-timed.ts'
import { cpuSecondsOf } from './process-cost.ts'

/** Seconds. */
export type Cost = { readonly cpu: number; readonly wall: number }
export type Run = {
  readonly film: string
  readonly what: string
  /** A, of the same file. */
  readonly reference: Cost
  readonly cost: Cost
}

/** A: both streams decoded and thrown away. */
export async function decodingOf(path: string): Promise<Cost> {
  const begin = performance.now()
  const arguments_ = ['-nostdin', '-v', 'error', '-i', path, '-f', 'null', '-']
  const { code, cpuSeconds, stderr } = await runTimed('ffmpeg', arguments_)
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${stderr}`)
  return { cpu: cpuSeconds, wall: (performance.now() - begin) / 1000 }
}

export type Asked = {
  readonly rule: 'GetFingerPrint' | 'FindSimilarVideo'
  readonly library: string
  readonly object: string
}

/** Asking how a job is costs 3 to 5 ms: its end is told to the millisecond afterwards, so asking seldom loses nothing. */
const PATIENCE = 0.2

/** From submit to Success, everything that the product's process and its children did meanwhile. */
export async function costOf(client: Client, pid: number, asked: Asked): Promise<Cost> {
  const before = cpuSecondsOf(pid)
  const begin = Date.now()
  const jobId = await client.submit(asked)
  const job = await client.ended(jobId, 3_600_000, { patience: PATIENCE })
  const cpu = cpuSecondsOf(pid) - before
  if (job.State !== 'Success') throw new Error(`Job ${jobId} ended ${job.State}: ${job.Message}`)
  if (asked.rule === 'FindSimilarVideo' && !job.Operation.DNAResult?.Detection)
    throw new Error(`${asked.object} was not found.`)
  const { endedAt } = await client.adminJson<{ endedAt: string }>('GET', `/jobs/${jobId}`)
  return { cpu, wall: (Date.parse(endedAt) - begin) / 1000 }
}
