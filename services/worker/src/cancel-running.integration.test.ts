import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listDeliveries, stopJob } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../../../tests/footage.ts'
import { startWorker } from './start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from './worker-harness.fixture.ts'

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-cancel-'))
let harness: WorkerHarness

beforeAll(async () => {
  await renderFootage(join(clips, 'short.mp4'), { seed: 5, seconds: 5 })
  harness = await openWorkerHarness()
  harness.put(join(clips, 'short.mp4'), 'short.mp4')
})

afterAll(async () => {
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

/** A zombie (state Z) has ended, so it does not count as alive. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A program that never ends and ignores SIGTERM, with a child that does the same. */
function endlessProgram(name: string): { readonly path: string; readonly pids: () => number[] } {
  const path = join(clips, name)
  const body = `trap '' TERM\n(trap '' TERM; while :; do sleep 1; done) &\necho $$ $! > "${path}.pids"`
  writeFileSync(path, `#!/bin/sh\n${body}\nwhile :; do sleep 1; done\n`)
  chmodSync(path, 0o755)
  const pids = (): number[] => {
    try {
      return readFileSync(`${path}.pids`, 'utf8').trim().split(' ').map(Number)
    } catch {
      return []
    }
  }
  return { path, pids }
}

test.each(['ffprobe', 'ffmpeg'] as const)(
  'cancelling a running job kills its %s and all child processes, frees the slot and sends no callback',
  { tags: ['cancel-running'] },
  async (name) => {
    const { dnaDbId } = await harness.createLibrary()
    const program = endlessProgram(name)
    const worker = await startWorker({
      ...harness,
      tools: { ...harness.tools, [name]: program.path },
      queue: { pool: harness.db.pool, postgres: true },
      concurrency: 1,
      maxVideoSeconds: 1800,
    })
    const job = await harness.submit({ ruleType: 'GetFingerPrint', dnaDbId, object: 'short.mp4' })
    while (program.pids().length < 2) await delay(20)
    expect(await stopJob(harness.db, job.jobId)).toMatchObject({ state: 'Cancel' })
    while (worker.running().length > 0) await delay(20)
    expect(program.pids().filter(isAlive)).toEqual([])
    expect(await listDeliveries(harness.db, job.jobId)).toEqual([])
    // The slot is free again: a job that needs no decoder runs.
    const next = await harness.run({
      ruleType: 'DeleteFingerPrint',
      dnaDbId,
      object: 'none.mp4',
      videoId: 'dv0',
    })
    expect(next).toMatchObject({ state: 'Failed', code: 'InvalidArgument' })
    expect(await harness.ended(job)).toMatchObject({ state: 'Cancel', code: null, result: null })
    await worker.close({ timeoutMs: 6_000 })
  },
)
