import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg, observePrograms, probe, type Tools } from '@kinoprint/media'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import { runRefineTask } from './refine-task.ts'
import type { RangeFrames, TimeRange } from './tasks.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-refine-'))
const path = join(folder, 'film.mp4')
let tools: Tools
let decoders = 0

beforeAll(async () => {
  tools = await findFfmpeg({})
  await renderFootage(path, { seed: 3, seconds: 40, output: ['-g', '30'] })
})
afterEach(() => observePrograms(null))
afterAll(() => rmSync(folder, { recursive: true }))

const head = { fromMs: 0, toMs: 2500 }
const middle = { fromMs: 18_000, toMs: 21_000 }
const tail = { fromMs: 37_500, toMs: 40_000 }

async function refine(ranges: readonly TimeRange[], known: readonly RangeFrames[] = []) {
  const info = await probe(tools, path)
  const keyframes = { info, timesMs: [], audio: null, durationSeconds: 40 }
  decoders = 0
  observePrograms(() => {
    decoders += 1
  })
  const input = { tools, path, ffmpegThreads: 1, keyframes, ranges, known }
  return runRefineTask(input, { signal: new AbortController().signal })
}

test('a further refinement decodes only new ranges and gives the same fingerprint', async () => {
  const first = await refine([head, tail])
  expect(decoders).toBe(2)
  const further = await refine([head, middle, tail], first.decoded)
  expect(decoders).toBe(1)
  const atOnce = await refine([head, middle, tail])
  expect(decoders).toBe(3)
  expect(further.fingerprint).toEqual(atOnce.fingerprint)
  expect(further.fingerprint.video.startMs.length).toBeGreaterThan(20)
  expect(further.decoded.map(({ range }) => range)).toEqual([head, tail, middle])
})

test('a range that a further refinement widens or drops is not taken from an earlier one', async () => {
  const { decoded } = await refine([head, tail])
  const wider = { ...tail, fromMs: 36_000 }
  const further = await refine([wider], decoded)
  expect(decoders).toBe(1)
  expect(further.fingerprint).toEqual((await refine([wider])).fingerprint)
})

test('more frames than fit in memory are not kept for a further refinement', async () => {
  const many = await refine([0, 1, 2, 3].map((n) => ({ fromMs: 10_000 * n, toMs: 10_000 * n + 9000 })))
  expect(many.decoded.length).toBe(4)
  const frames = many.decoded.flatMap((one) => one.frames)
  const copies = Array.from({ length: 5 }, (_, n) => ({ range: { fromMs: n, toMs: n }, frames }))
  const ranges = copies.map(({ range }) => range)
  expect((await refine([...ranges, tail], copies)).decoded).toEqual([])
})
