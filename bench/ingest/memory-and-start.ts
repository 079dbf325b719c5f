import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createClient } from '../../tests/e2e/client.ts'
import { startOnServers } from '../../tests/e2e/product.ts'
import { startServers } from '../../tests/servers.ts'
import { peakMegabytesOf } from './process-cost.ts'

/** Peak memory in MB of one worker process on servers while it stores a film twice at the same time. */
export async function peakOnServers(film: string): Promise<number> {
  const stopServers = await startServers()
  // Three slots, because long videos leave one free.
  const product = await startOnServers({ workers: 1, settings: { WORKER_CONCURRENCY: '3' } })
  try {
    const client = createClient(product.address)
    const library = await client.createLibrary({ detectOnStore: false })
    const ended = ['a.mp4', 'b.mp4'].map(async (object) => {
      await client.upload(object, film)
      return client.ended(await client.submit({ rule: 'GetFingerPrint', library, object }), 3_600_000)
    })
    for (const { State, Message } of await Promise.all(ended))
      if (State !== 'Success') throw new Error(`A job on servers ended ${State}: ${Message}`)
    const worker = product.processes[1]?.pid
    if (worker === undefined) throw new Error('The product has no worker process.')
    return peakMegabytesOf(worker)
  } finally {
    await product.close()
    await stopServers()
  }
}

const STARTS = 3

/** Seconds from `npm start` to its ready line, on an empty folder and then on a warm one. */
export async function startTimes(dataDir: string): Promise<{ first: number; warm: readonly number[] }> {
  const first = await startOnce(dataDir)
  const warm: number[] = []
  for (let n = 0; n < STARTS; n++) warm.push(await startOnce(dataDir))
  return { first, warm }
}

async function startOnce(dataDir: string): Promise<number> {
  const begin = performance.now()
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' }
  const child = spawn('npm', ['start'], { stdio: ['ignore', 'pipe', 'ignore'], env, detached: true })
  const exited = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout }))
      if (/ready on http/.test(line)) return (performance.now() - begin) / 1000
    throw new Error('npm start exited before it was ready.')
  } finally {
    child.stdout.resume()
    // Signals the whole process group, because npm does not forward every signal.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await exited
  }
}
