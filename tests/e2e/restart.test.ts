import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { createClient, detections } from './client.ts'
import { newFolder, startEmbedded, stop } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-restart-'))
const clip = join(folder, 'film.mp4')

beforeAll(() => renderFootage(clip, { seed: 21, seconds: 12 }), 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('an embedded product', () => {
  test('keeps its data across a clean stop and across kill -9 during a job', async () => {
    const dataDir = newFolder()
    const first = await startEmbedded(dataDir)
    const client = createClient(first.address)
    const library = await client.createLibrary()
    await client.upload('film.mp4', clip)
    const stored = await client.run({ rule: 'GetFingerPrint', library, object: 'film.mp4' })
    expect(stored.State).toBe('Success')
    expect(await stop(first.processes[0] as NonNullable<(typeof first.processes)[0]>)).toBe(0)

    const second = await startEmbedded(dataDir)
    const again = createClient(second.address)
    const search = { rule: 'FindSimilarVideo', library, object: 'film.mp4' } as const
    expect(detections(await again.run(search))[0]?.Similar).toBe('100')
    const accepted: string[] = []
    for (let n = 0; n < 6; n++)
      accepted.push(await again.submit({ ...search, userData: `before the kill ${n}` }))
    await stop(second.processes[0] as NonNullable<(typeof second.processes)[0]>, 'SIGKILL')

    const third = await startEmbedded(dataDir)
    const last = createClient(third.address)
    for (const jobId of accepted) {
      const job = await last.ended(jobId)
      expect(job).toMatchObject({
        State: 'Success',
        Operation: { UserData: expect.stringMatching(/^before the kill/) },
      })
      expect(detections(job)).toHaveLength(1)
    }
    await third.close()
  })

  test('refuses a data folder that another process uses, and names that process', async () => {
    const holder = await startEmbedded()
    await expect(startEmbedded(holder.dataDir)).rejects.toThrow(String(holder.processes[0]?.pid))
    await holder.close()
  })
})
