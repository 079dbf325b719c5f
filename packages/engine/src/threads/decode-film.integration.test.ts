import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { matchFingerprints } from '@kinoprint/dna'
import { findFfmpeg, probe, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import { decodeFile } from './decode-file.ts'
import type { FilmInput, PackedPiece } from './film-piece.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-film-'))
const path = join(folder, 'film.mp4')
let tools: Tools

beforeAll(async () => {
  tools = await findFfmpeg()
  await renderFootage(path, { seed: 72, seconds: 17, width: 320, height: 180 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function decoded(film: FilmInput | undefined) {
  const input = { tools, path, maxSeconds: 1800, ffmpegThreads: 2, film, asQuery: true, takeThumbnails: true }
  const pieces: PackedPiece[] = []
  const progress: number[] = []
  const { fingerprint, frameCount, thumbnails } = await decodeFile(
    input,
    {
      signal: new AbortController().signal,
      onProgress: (fraction) => progress.push(fraction),
      onPiece: (piece) => pieces.push(piece),
    },
    await probe(tools, path),
  )
  return { fingerprint, frameCount, thumbnails, pieces, progress }
}

test('a film in pieces has every frame, and the same fingerprint if an interrupted run is continued', {
  tags: ['film-pieces'],
}, async () => {
  const whole = await decoded(undefined)
  expect(whole.pieces).toEqual([])
  const film = await decoded({ pieceSeconds: 5, finished: [] })
  expect(film.pieces.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  expect(film.frameCount).toBe(whole.frameCount)
  expect(film.thumbnails).not.toBeNull()
  expect(film.progress).toEqual(film.progress.toSorted((a, b) => a - b))
  expect(film.progress.at(-1)).toBe(1)
  expect(film.fingerprint.audio).toEqual(whole.fingerprint.audio)
  expect(film.fingerprint.video.lastMs.at(-1)).toBe(whole.fingerprint.video.lastMs.at(-1))
  const { segments } = matchFingerprints(film.fingerprint, whole.fingerprint)
  expect(segments).toHaveLength(1)
  expect(segments[0]).toMatchObject({ queryStart: 0, queryEnd: expect.closeTo(17, 0) })

  const damaged = { index: 2, data: Buffer.from('not a piece') }
  const finished = [...film.pieces.slice(0, 2), damaged]
  const continued = await decoded({ pieceSeconds: 5, finished })
  expect(continued.pieces.map(({ index }) => index)).toEqual([2, 3])
  expect(continued.fingerprint).toEqual(film.fingerprint)
})
