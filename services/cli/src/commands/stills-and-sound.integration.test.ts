import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { run } from '../command-line.fixture.ts'
import type { ScanRow } from '../scan/scan-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-stills-test-'))
function at(...parts: string[]): string {
  return join(folder, ...parts)
}

beforeAll(async () => {
  for (const name of ['refs', 'queries', 'moving', 'quick']) mkdirSync(at(name))
  const film = at('refs/film.mp4')
  await renderFootage(film, { seed: 1, seconds: 20 })
  await renderFootage(at('refs/other.mp4'), { seed: 2, seconds: 8 })
  const still = (seconds: string, path: string, ...edit: string[]) =>
    ffmpeg('-ss', seconds, '-i', film, '-frames:v', '1', ...edit, path)
  await still('12', at('refs/poster.png'))
  await still('7', at('queries/still.jpg'), '-vf', 'scale=200:-2', '-q:v', '12')
  await still('7', at('queries/mirrored.png'), '-vf', 'hflip')
  const scroll = ['-loop', '1', '-i', at('refs/poster.png'), '-t', '4', '-r', '25', '-vf', 'scroll=h=0.043']
  await ffmpeg(...scroll, '-g', '100', '-pix_fmt', 'yuv420p', at('moving/scroll.mp4'))
  // Between the stored frames at 1 s and 1.25 s.
  await ffmpeg(
    '-ss',
    '1.12',
    '-i',
    at('moving/scroll.mp4'),
    '-frames:v',
    '1',
    '-vf',
    'scale=320:-2',
    at('quick/still.jpg'),
  )
  await ffmpeg('-ss', '2', '-t', '14', '-i', film, '-vn', at('refs/song.flac'))
  await ffmpeg('-ss', '4', '-t', '10', '-i', film, '-vn', '-c:a', 'aac', at('queries/excerpt.m4a'))
  await ffmpeg('-ss', '8', '-t', '8', '-i', film, '-vf', 'scale=320:-2', at('queries/clip.mp4'))
  await ffmpeg('-f', 'lavfi', '-i', 'color=black:size=160x120', '-frames:v', '1', at('queries/black.png'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('scan takes pictures and sound as queries and as references, and refuses a black picture', async () => {
  const out = at('out.json')
  const folders = ['--refs', at('refs'), '--queries', at('queries'), '--out', out]
  const { code, stderr } = await run(['scan', ...folders], { settings: { TMPDIR: folder } })
  expect(code).toBe(3)
  expect(stderr).toContain('Cannot read black.png: The picture has too little detail')
  const rows: ScanRow[] = JSON.parse(readFileSync(out, 'utf8'))
  const pairs = new Set(rows.map(({ query, ref }) => `${query} ${ref}`))
  expect([...pairs].sort()).toEqual([
    'clip.mp4 film.mp4',
    'clip.mp4 poster.png',
    'clip.mp4 song.flac',
    'excerpt.m4a film.mp4',
    'excerpt.m4a song.flac',
    'mirrored.png film.mp4',
    'still.jpg film.mp4',
  ])
  const rowOf = (query: string, ref: string) => rows.find((row) => row.query === query && row.ref === ref)
  for (const query of ['still.jpg', 'mirrored.png']) {
    const row = rowOf(query, 'film.mp4')
    expect(row).toMatchObject({ queryStart: 0, queryEnd: 0, queryDuration: 0, kind: 'video' })
    expect(row?.mirrored).toBe(query === 'mirrored.png')
    expect(row?.refStart).toBeLessThanOrEqual(7.1)
    expect(row?.refEnd).toBeGreaterThanOrEqual(6.9)
  }
  const poster = rowOf('clip.mp4', 'poster.png')
  expect(poster).toMatchObject({ refStart: 0, refEnd: 0, refDuration: 0, refCoverage: 1 })
  expect(poster?.queryStart).toBeLessThanOrEqual(4.1)
  expect(poster?.queryEnd).toBeGreaterThanOrEqual(3.9)
  expect(rowOf('excerpt.m4a', 'film.mp4')).toMatchObject({ kind: 'audio', refStart: expect.closeTo(4, 0) })
  expect(rowOf('excerpt.m4a', 'song.flac')).toMatchObject({ kind: 'audio', refStart: expect.closeTo(2, 0) })
})

test('compare finds the second of a still, and says why sound and a picture cannot be compared', async () => {
  const found = await run(['compare', at('queries/still.jpg'), at('refs/film.mp4'), '--json'])
  expect(found.code).toBe(0)
  expect(JSON.parse(found.stdout)).toMatchObject({ accepted: true, verdict: 'copy', queryDuration: 0 })
  const nothing = await run(['compare', at('refs/song.flac'), at('queries/still.jpg')])
  expect(nothing).toMatchObject({ code: 1, stdout: expect.stringContaining('There is nothing to compare') })
})

test('a still of a fast movement is found to the frame in the file of the reference', {
  tags: ['still-sources'],
}, async () => {
  const out = at('quick.json')
  const folders = ['--refs', at('moving'), '--queries', at('quick'), '--out', out]
  expect(await run(['scan', ...folders], { settings: { TMPDIR: folder } })).toMatchObject({ code: 0 })
  const compared = await run(['compare', at('quick/still.jpg'), at('moving/scroll.mp4'), '--json'])
  const swapped = await run(['compare', at('moving/scroll.mp4'), at('quick/still.jpg'), '--json'])
  const best = <T extends { score: number }>(found: readonly T[]) =>
    found.reduce((a, b) => (b.score > a.score ? b : a))
  const row = best(JSON.parse(readFileSync(out, 'utf8')) as ScanRow[])
  const there = best(JSON.parse(compared.stdout).segments as ScanRow[])
  const back = best(JSON.parse(swapped.stdout).segments as ScanRow[])
  const times = [
    [row.refStart, row.refEnd],
    [there.refStart, there.refEnd],
    [back.queryStart, back.queryEnd],
  ] as const
  for (const [start, end] of times) {
    expect(start).toBeLessThanOrEqual(1.12)
    expect(end).toBeGreaterThanOrEqual(1.12)
    expect(end - start).toBeLessThan(0.1)
  }
})
