import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../../tests/e2e/client.ts'
import type { Product } from '../../tests/e2e/product.ts'
import { waysOfRunning } from '../../tests/e2e/ways.ts'
import { renderFootage } from '../../tests/footage.ts'
import type { Row } from '../report.ts'
import { sendSigned } from './send-signed.ts'

const FILM_SECONDS = 120
const BUSY_MS = 20_000
const PAUSE_BETWEEN_MS = 10
const CONCURRENT_JOBS = 2
/** Files per job slot. Polling ends when all are done. */
const FILES = 12

type Print = { readonly print: (line: string) => void }

/**
 * Measures the response time of GET /jobs/{id} while two jobs run, embedded and on servers. Every request is signed and
 * uses one kept-alive connection, as with an SDK. The film is stored under many names beforehand, so that no job is
 * skipped and no upload keeps this process busy.
 */
export async function measurePolling({ print }: Print): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-bench-'))
  const film = join(folder, 'film.mp4')
  try {
    print(`Rendering a film of ${FILM_SECONDS} s at 720p …`)
    await renderFootage(film, { seed: 1, seconds: FILM_SECONDS, width: 1280, height: 720, fps: 30 })
    const rows: Row[] = []
    for (const { way, start } of waysOfRunning) {
      print(`Measuring ${way} …`)
      const product = await start()
      rows.push({ way, ...(await measure(product, film, { print })), load: (loadavg()[0] ?? 0).toFixed(1) })
      await product.close()
    }
    return rows
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(product: Product, film: string, { print }: Print) {
  const client = createClient(product.address)
  const library = await client.createLibrary()
  const files = Array.from({ length: CONCURRENT_JOBS * FILES }, (_, n) => ({ n, object: `${n}.mp4` }))
  for (const { object } of files) await client.upload(object, film)
  const stop = new AbortController()
  let ended = 0
  const keepBusy = async () => {
    for (let file = files.pop(); file && !stop.signal.aborted; file = files.pop()) {
      const rule = file.n % 2 ? 'FindSimilarVideo' : 'GetFingerPrint'
      const job = await client.run({ rule, library, object: file.object })
      if (job.State !== 'Success') throw new Error(`Job ${job.JobId} ended ${job.State}: ${job.Message}`)
      ended++
    }
    stop.abort()
  }
  const watched = await client.submit({ rule: 'FindSimilarVideo', library, object: 'none.mp4' })
  const jobs = Array.from({ length: CONCURRENT_JOBS }, keepBusy)
  const times = await poll(product, watched, stop.signal)
  stop.abort()
  await Promise.all(jobs)
  print(`${times.length} requests, ${ended} jobs finished`)
  const at = (share: number) =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  return {
    requests: times.length,
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'max ms': at(1),
    'jobs ended': ended,
  }
}

async function poll(product: Product, jobId: string, stop: AbortSignal): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  const until = Date.now() + BUSY_MS
  while (Date.now() < until && !stop.aborted) {
    const begin = performance.now()
    await sendSigned(product.address, { method: 'GET', target: `/jobs/${jobId}`, agent })
    times.push(performance.now() - begin)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_BETWEEN_MS))
  }
  agent.destroy()
  return times.sort((a, b) => a - b)
}
