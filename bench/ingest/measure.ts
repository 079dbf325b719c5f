import type { Client } from '../../tests/e2e/client.ts'
import { runTimed } from '../accuracy/run-timed.ts'
import { cpuSecondsOf } from './process-cost.ts'

/** Seconds. */
export type Cost = { readonly cpu: number; readonly wall: number }
export type Run = {
  readonly film: string
  readonly what: string
  /** A for the same file. */
  readonly reference: Cost
  readonly cost: Cost
}

/** Measures A: decodes both streams and discards the result. */
export async function decodingOf(path: string): Promise<Cost> {
  const begin = performance.now()
  const arguments_ = ['-nostdin', '-v', 'error', '-i', path, '-f', 'null', '-']
  const { code, cpuSeconds, stderr } = await runTimed('ffmpeg', arguments_)
  if (code !== 0) throw new Error(`ffmpeg exited with ${code}: ${stderr}`)
  return { cpu: cpuSeconds, wall: (performance.now() - begin) / 1000 }
}

export type MeasuredJob = {
  readonly rule: 'GetFingerPrint' | 'FindSimilarVideo'
  readonly library: string
  readonly object: string
}

/** Polling pauses, as a share of the time waited, because a request costs the product 3 to 5 ms. The exact end is read later. */
const PATIENCE = 0.2

/** Measures the cost from submission to Success of the product's process and its children. */
export async function costOf(client: Client, pid: number, request: MeasuredJob): Promise<Cost> {
  const before = cpuSecondsOf(pid)
  const begin = Date.now()
  const jobId = await client.submit(request)
  const job = await client.ended(jobId, 3_600_000, { patience: PATIENCE })
  const cpu = cpuSecondsOf(pid) - before
  if (job.State !== 'Success') throw new Error(`Job ${jobId} ended ${job.State}: ${job.Message}`)
  if (request.rule === 'FindSimilarVideo' && !job.Operation.DNAResult?.Detection)
    throw new Error(`${request.object} was not found.`)
  const { endedAt } = await client.adminJson<{ endedAt: string }>('GET', `/jobs/${jobId}`)
  return { cpu, wall: (Date.parse(endedAt) - begin) / 1000 }
}
