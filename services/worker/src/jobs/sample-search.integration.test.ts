import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg, makeAlteredCopy, makeSampleVideo } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { storedSources } from './stored-sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-sample-'))
let harness: WorkerHarness
let worker: RunningWorker
beforeAll(async () => {
  harness = await openWorkerHarness()
  worker = await harness.startWorker({ concurrency: 1 })
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(folder, { recursive: true, force: true })
})

test.each(['installed', 'bundled'])(
  'the %s ffmpeg makes a sample whose altered copy is found',
  async (which) => {
    // With an empty PATH, only the bundled programs are left.
    const tools = await findFfmpeg(which === 'bundled' ? { searchPath: '' } : {})
    const [path, outputPath] = [join(folder, `${which}.mp4`), join(folder, `${which}-copy.mp4`)]
    await makeSampleVideo(tools, path, {})
    await makeAlteredCopy(tools, { path, outputPath }, {})
    const { dnaDbId } = await harness.createLibrary()
    harness.put(path, 'original.mp4')
    harness.put(outputPath, 'copy.mp4')
    await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'original.mp4' })
    const { result } = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'copy.mp4' })
    expect(result?.detections).toHaveLength(1)
    const [{ score = 0, segments: [segment] = [] } = {}] = result?.detections ?? []
    expect(score).toBeGreaterThan(0.9)
    expect(segment).toMatchObject({ kind: 'both', mirrored: true })
    expect(segment?.speed).toBeCloseTo(1.1, 1)
  },
)

test('the object of a stored video is within reach only while it has the content that was stored', async () => {
  const path = join(folder, 'source.mp4')
  await makeSampleVideo(harness.tools, path, {})
  const { dnaDbId } = await harness.createLibrary()
  harness.put(path, 'source.mp4')
  const { result } = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'source.mp4' })
  const video = { videoId: result?.videoId ?? '', object: 'source.mp4' }
  const read = () =>
    storedSources(harness)(video, async (at) => readFileSync(at).length, new AbortController().signal)
  expect(await read()).toBe(readFileSync(path).length)
  harness.put(new URL(import.meta.url).pathname, 'source.mp4')
  expect(await read()).toBeNull()
  await harness.objects.remove(BUCKET, 'source.mp4')
  expect(await read()).toBeNull()
})
