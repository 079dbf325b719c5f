import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { type Client, createClient, detections } from './client.ts'
import { type Product, startOnServers, stop } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-films-'))
const film = join(folder, 'film.mp4')
const runsFile = join(folder, 'runs')
const holdFile = join(folder, 'hold')
/** A piece that the first worker never finishes. */
const HELD = '-ss 15.000'

let product: Product
let client: Client

/** ffmpeg that records its arguments and, while a file exists, never ends at one piece of the film. */
async function standIn(): Promise<string> {
  const { ffmpeg } = await findFfmpeg()
  const path = join(folder, 'ffmpeg')
  const hold = `case "$*" in *"${HELD}"*) [ -e "${holdFile}" ] && exec sleep 600;; esac`
  writeFileSync(path, `#!/bin/sh\necho "$*" >> "${runsFile}"\n${hold}\nexec "${ffmpeg}" "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

function runsWith(option: string): number {
  const runs = existsSync(runsFile) ? readFileSync(runsFile, 'utf8').split('\n') : []
  return runs.filter((run) => run.includes(option)).length
}

beforeAll(async () => {
  await renderFootage(film, { seed: 71, seconds: 25, width: 320, height: 180 })
  const settings = { FILM_PIECE_SECONDS: '5', FFMPEG_PATH: await standIn() }
  product = await startOnServers({ workers: 0, settings })
  client = createClient(product.address)
})
afterAll(async () => {
  await product.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a film whose worker is killed continues after the last finished piece', {
  tags: ['film-pieces'],
}, async () => {
  const library = await client.createLibrary()
  await client.upload('film.mp4', film)
  writeFileSync(holdFile, '')
  const doomed = await product.addWorker()
  const jobId = await client.submit({ rule: 'GetFingerPrint', library, object: 'film.mp4' })
  await expect.poll(() => runsWith(HELD), { timeout: 250_000 }).toBe(1)
  // The pieces so far are kept before progress is reported.
  const progress = async () =>
    (await client.adminJson<{ progress: number }>('GET', `/jobs/${jobId}`)).progress
  await expect.poll(progress, { timeout: 250_000 }).toBeGreaterThan(0.5)
  await stop(doomed, 'SIGKILL')
  rmSync(holdFile)
  await product.addWorker()
  expect(await client.ended(jobId, 250_000)).toMatchObject({ State: 'Success' })
  const runs = ['-ss 5.000', '-ss 10.000', HELD, '-ss 20.000'].map(runsWith)
  expect(runs).toEqual([1, 1, 2, 1])

  const search = await client.submit({ rule: 'FindSimilarVideo', library, object: 'film.mp4' })
  const [found] = detections(await client.ended(search, 250_000))
  expect(found).toMatchObject({ Similar: '100' })
})
