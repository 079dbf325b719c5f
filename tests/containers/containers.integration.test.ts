import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault, type InputFormat, inputFormats } from '@kinoprint/core'
import { canSeek, decode, decodeRanges, findFfmpeg, probe, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withLength } from '../../packages/media/src/testing/hostile-containers.ts'
import { overwriteDurations } from '../../packages/media/src/testing/overwrite-durations.ts'
import { SAMPLING } from '../../packages/media/src/testing/test-sampling.ts'
import { run } from '../../services/cli/src/command-line.fixture.ts'
import type { ScanRow } from '../../services/cli/src/scan/scan-rows.ts'
import { renderFootage } from '../footage.ts'
import { FILM_SECONDS, type Muxer, muxers, write } from './muxers.ts'

const TITLES: Partial<Record<InputFormat, string>> = {
  ...{
    mp4: 'MP4, MOV',
    matroska: 'Matroska',
    mpegts: 'MPEG-TS',
    mpegps: 'MPEG-PS',
    avi: 'AVI',
    flv: 'Flash',
  },
  ...{ asf: 'Windows Media', mxf: 'MXF', ogg: 'Ogg' },
}
const YES = '✓'
/** Some containers begin with the delay of an encoder. */
const TOLERANCE_SECONDS = 0.5
/** A length that a header states, far over the limit. */
const LONG_SECONDS = 20_000

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-containers-'))
const at = (...parts: string[]) => join(folder, ...parts)
let tools: Tools
/** What `kinoprint scan` found of each file as reference, and as query. */
let stored: readonly ScanRow[]
let searched: readonly ScanRow[]

beforeAll(async () => {
  tools = { ...(await findFfmpeg()), inputFormats }
  for (const name of ['film', 'muxed', 'hostile']) mkdirSync(at(name))
  const film = { seed: 5, seconds: FILM_SECONDS, width: 320, height: 240, fps: 25 }
  await renderFootage(at('film.mp4'), { ...film, output: ['-g', '25', '-bf', '2', '-ar', '48000'] })
  for (const muxer of muxers) {
    await write(folder, muxer)
    renameSync(at(muxer.name), at('muxed', muxer.name))
  }
  renameSync(at('film.mp4'), at('film', 'film.mp4'))
  stored = await scan('muxed', 'film')
  searched = await scan('film', 'muxed')
}, 1_200_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function scan(refs: string, queries: string): Promise<ScanRow[]> {
  const out = at(`${refs}.json`)
  const folders = ['--refs', at(refs), '--queries', at(queries), '--out', out]
  const { code, stderr } = await run(['scan', ...folders], { settings: { TMPDIR: folder } })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(readFileSync(out, 'utf8')) as ScanRow[]
}

/** The times of the frames of a file. */
async function timesOf(path: string, frames: 'all' | 'keyframes' = 'all') {
  const info = await probe(tools, path)
  const times: number[] = []
  const onFrame = (timeMs: number): void => void times.push(timeMs)
  const summary = await decode(tools, path, { info, sampling: SAMPLING, frames, onFrame })
  return { info, times, summary }
}

async function seekCell(path: string, { info, times }: Awaited<ReturnType<typeof timesOf>>): Promise<string> {
  const range = { fromMs: 4000, toMs: 5000 }
  const ranged: number[] = []
  const onFrame = (timeMs: number): void => void ranged.push(timeMs)
  const options = { info, sampling: SAMPLING, frames: 'all', ranges: [range], onFrame } as const
  await decodeRanges(tools, path, options)
  const expected = times.filter((timeMs) => timeMs >= range.fromMs && timeMs < range.toMs)
  const missing = expected.filter((timeMs) => !ranged.some((one) => Math.abs(one - timeMs) <= 1))
  if (missing.length > 0) return `without ${missing.length} of its frames`
  return canSeek(info) ? YES : 'whole file read'
}

function foundCell(rows: readonly ScanRow[], name: string): string {
  const [best] = rows
    .filter(({ query, ref }) => query === name || ref === name)
    .toSorted((a, b) => b.score - a.score)
  if (best === undefined) return 'not found'
  if (best.kind === 'audio') return 'by sound'
  const isInTime = Math.abs(best.queryStart - best.refStart) <= TOLERANCE_SECONDS
  if (!isInTime || Math.abs(best.speed - 1) > 0.01) return `at ${best.speed.toFixed(2)} times its speed`
  return best.queryEnd - best.queryStart > 0.8 * FILM_SECONDS ? YES : 'in part'
}

/** The file cut, with noise in its header, and with a false length. Tests of packages/media do more to each container. */
function damaged(ending: string, good: Buffer): Record<string, Buffer | null> {
  const change = (from: number, to: number, step: number, byte: (at: number) => number): Buffer => {
    const bytes = Buffer.from(good)
    for (let at = from; at < Math.min(to, bytes.length); at += step) bytes[at] = byte(at)
    return bytes
  }
  const isMovie = ending === 'mov' || ending === 'mp4'
  return {
    cut: good.subarray(0, good.length / 2),
    header: change(16, 600, 1, (at) => (at * 57) & 0xff),
    length: isMovie ? overwriteDurations(good, LONG_SECONDS) : withLength(ending, good, LONG_SECONDS),
  }
}

/** ✓ if each damaged file ends in a refusal with a reason, or in frames of what is left. */
async function hostileCell({ name }: Muxer, frames: number): Promise<string> {
  const ending = name.replace(/^.*\./, '')
  for (const [kind, bytes] of Object.entries(damaged(ending, readFileSync(at('muxed', name))))) {
    if (bytes === null) continue
    const path = at('hostile', `${kind}-${name}`)
    writeFileSync(path, bytes)
    try {
      const { times } = await timesOf(path)
      if (times.length > frames + 1) return `${kind}: ${times.length} frames`
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'ResourceNotSupported') throw error
    } finally {
      rmSync(path)
    }
  }
  return YES
}

async function rowOf(muxer: Muxer): Promise<string> {
  const path = at('muxed', muxer.name)
  const whole = await timesOf(path)
  const { info, summary, times } = whole
  const isRead = info.format === muxer.format && Math.abs(summary.durationSeconds - FILM_SECONDS) < 1
  const keyframes = await timesOf(path, 'keyframes')
  const cells = [
    TITLES[muxer.format] ?? muxer.format,
    muxer.by,
    isRead ? YES : `${summary.durationSeconds.toFixed(1)} s`,
    await seekCell(path, whole),
    keyframes.times.length >= FILM_SECONDS - 1 && keyframes.summary.errors === 0 ? YES : 'in part',
    foundCell(stored, muxer.name),
    foundCell(searched, muxer.name),
    await hostileCell(muxer, times.length),
  ]
  return `| ${cells.join(' | ')} |`
}

/** The rows of the table in docs/formats.md. */
const documented = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\| [^|]+ \| [^|]+ \|( [^|]+ \|){6}$/.test(line) && !line.startsWith('| container'))

test.each(muxers.map((muxer) => [muxer.by, muxer.name, muxer] as const))(
  'a file of %s is read as docs/formats.md states: %s',
  { tags: ['container-table'] },
  async (_by, _name, muxer) => {
    const row = await rowOf(muxer)
    const start = row.split(' | ', 2).join(' | ')
    expect(documented.find((line) => line.startsWith(`${start} |`))).toBe(row)
  },
)

test('every row of the table of containers belongs to a file that a test writes, and each container has three', () => {
  const names = documented.map((row) => row.split(' | ', 2).join(' | '))
  expect(names.sort()).toEqual(muxers.map(({ format, by }) => `| ${TITLES[format] ?? format} | ${by}`).sort())
  for (const format of Object.keys(TITLES))
    expect(muxers.filter((muxer) => muxer.format === format).length, format).toBeGreaterThanOrEqual(3)
})
