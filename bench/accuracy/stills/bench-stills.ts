import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ffmpeg } from '../../../tests/footage.ts'
import type { BenchOptions, BenchReport, Row } from '../../report.ts'
import type { Original } from '../attacks/recipe.ts'
import { divide, originalsOf, RENDERED, renderOriginals } from '../originals.ts'
import { randomOf } from '../random.ts'
import { runTimed } from '../run-timed.ts'

const KINOPRINT = fileURLToPath(new URL('../../../services/cli/bin/kinoprint.js', import.meta.url))
/** Exit code of a scan that refused files, here pictures without detail. */
const SOME_UNREAD = 3

/** What people do to a screenshot, as ffmpeg filters; `plain` is only resized and recompressed. */
const FAMILIES: Readonly<Record<string, string>> = {
  plain: 'null',
  mirrored: 'hflip',
  cropped: 'crop=iw*0.85:ih*0.85',
  letterbox: 'pad=iw:ih*1.3:0:(oh-ih)/2',
  player: 'pad=iw*1.1:ih*1.3:iw*0.05:ih*0.08:white,drawbox=0:ih*0.9:iw:ih*0.1:gray:fill',
}
const WIDTHS = [320, 480, 640, 1280]
/** ffmpeg's scale of 2 (best) to 31. */
const QUALITIES = [3, 8, 14, 20]
/** Stills without edits of each video, in the small and the large bench. */
const PLAIN = { smoke: 2, full: 6 }
/** An answer is right if its range is this near to the second of the still: the rounding of a player's clock. */
const NEAR_SECONDS = 0.5

type Still = {
  readonly name: string
  readonly family: string
  /** Null for a video that is not in the library. */
  readonly ref: string | null
  readonly seconds: number
}

type Answer = {
  readonly query: string
  readonly ref: string
  readonly refStart: number
  readonly refEnd: number
  readonly score: number
  readonly accepted: boolean
}

/**
 * Searches a library, through `kinoprint scan`, with stills from any second of its videos, and with stills of videos that
 * are not in it.
 */
export async function benchStills(work: string, { print, flags }: BenchOptions): Promise<BenchReport> {
  const { seed = '1', size = 'smoke' } = flags
  const count = PLAIN[size === 'full' ? 'full' : 'smoke']
  const originals = await footage(work, { print, flags })
  const { library, held } = divide(originals, seed)
  for (const folder of ['refs', 'stills']) mkdirSync(join(work, folder), { recursive: true })
  for (const { id, path } of library) symlinkSync(path, join(work, 'refs', `${id}${extname(path)}`))
  print(`Making stills of ${originals.length} videos …`)
  const stills: Still[] = []
  for (const original of library)
    stills.push(...(await stillsOf(original, { work, seed, count, isStored: true })))
  for (const original of held)
    stills.push(...(await stillsOf(original, { work, seed, count, isStored: false })))
  print(`Searching with ${stills.length} stills …`)
  const out = join(work, 'rows.json')
  const folders = ['--refs', join(work, 'refs'), '--queries', join(work, 'stills'), '--out', out]
  const ran = await runTimed(process.execPath, [KINOPRINT, 'scan', ...folders])
  if (ran.code !== 0 && ran.code !== SOME_UNREAD)
    throw new Error(`kinoprint scan exited with ${ran.code}: ${ran.stderr}`)
  const answers = JSON.parse(readFileSync(out, 'utf8')) as Answer[]
  const refused = new Set(
    stills.map(({ name }) => name).filter((name) => ran.stderr.includes(`read ${name}:`)),
  )
  const families = [...Object.keys(FAMILIES), 'unrelated']
  const rows = families.map((family) =>
    rowOf(
      family,
      stills.filter((still) => still.family === family && !refused.has(still.name)),
      {
        answers,
        refused: stills.filter((still) => still.family === family && refused.has(still.name)).length,
      },
    ),
  )
  return { name: 'accuracy', rows, details: { stills, answers } }
}

async function footage(work: string, { print, flags }: BenchOptions): Promise<Original[]> {
  if (flags.originals !== undefined) return originalsOf(flags.originals, print)
  const folder = join(work, 'originals')
  if (!existsSync(folder))
    await renderOriginals(folder, { count: RENDERED.smoke, seed: flags.seed ?? '1', print })
  return originalsOf(folder, print)
}

type Making = {
  readonly work: string
  readonly seed: string
  readonly count: number
  readonly isStored: boolean
}

/** `count` plain stills at random seconds. The first one is also edited in every other way. */
async function stillsOf(
  { id, path, duration, fps }: Original,
  { work, seed, count, isStored }: Making,
): Promise<Still[]> {
  const random = randomOf(seed, 'stills', id)
  const made: Still[] = []
  for (let n = 0; n < count; n++) {
    const seconds = Math.min(((n + random()) * duration) / count, duration - 2 / fps)
    const width = WIDTHS[Math.floor(random() * WIDTHS.length)] ?? 640
    const quality = QUALITIES[Math.floor(random() * QUALITIES.length)] ?? 8
    for (const [family, filter] of Object.entries(FAMILIES)) {
      if (family !== 'plain' && (n > 0 || !isStored)) continue
      const name = `${id}-${n}-${family}.jpg`
      const options = ['-frames:v', '1', '-vf', `${filter},scale=${width}:-2`, '-q:v', String(quality)]
      await ffmpeg('-ss', seconds.toFixed(3), '-i', path, ...options, join(work, 'stills', name))
      const video = `${id}${extname(path)}`
      made.push({ name, family: isStored ? family : 'unrelated', ref: isStored ? video : null, seconds })
    }
  }
  return made
}

function rowOf(
  family: string,
  stills: readonly Still[],
  { answers, refused }: { readonly answers: readonly Answer[]; readonly refused: number },
): Row {
  const tops = stills.map((still) => ({
    still,
    top: answers.filter(({ query }) => query === still.name).sort((a, b) => b.score - a.score)[0],
  }))
  const films = tops.filter(({ still, top }) => top !== undefined && top.ref === still.ref)
  const right = films.filter(({ still, top }) => top !== undefined && isAt(top, still.seconds))
  const widths = right.map(({ top }) => (top ? top.refEnd - top.refStart : 0)).sort((a, b) => a - b)
  const share = (part: number) => (stills.length === 0 ? '' : (part / stills.length).toFixed(3))
  const isPositive = family !== 'unrelated'
  return {
    stills: family,
    number: stills.length,
    'too plain': refused,
    'right film first': isPositive ? share(films.length) : '',
    'right second first': isPositive ? share(right.length) : '',
    'median range, s': widths[widths.length >> 1]?.toFixed(2) ?? '',
    'wrong film': tops.filter(({ still, top }) => top !== undefined && top.ref !== still.ref).length,
  }
}

function isAt({ refStart, refEnd }: Answer, seconds: number): boolean {
  return seconds >= refStart - NEAR_SECONDS && seconds <= refEnd + NEAR_SECONDS
}
