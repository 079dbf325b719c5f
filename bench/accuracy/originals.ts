import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { findFfmpeg, probe, type Tools } from '@kinoprint/media'
import { renderFootage } from '../../tests/footage.ts'
import type { Original } from './attacks/recipe.ts'
import { randomOf, shuffled } from './random.ts'

export type Sides = {
  readonly library: readonly Original[]
  /** Not in the library: sources of negatives, hosts and backgrounds. */
  readonly held: readonly Original[]
}

/** Minimum length. Shorter excerpts are not informative. */
const SHORTEST_SECONDS = 6
/** Minimum number: two in the library and two held back, because hosts must be neither the source nor in the library. */
const FEWEST = 4
const HELD_SHARE = 1 / 3
/** Mean loudness below which audio is silence or hum, in dBFS. */
const AUDIBLE_DB = -50

/** Holds back a third of the originals, selected by the seed. */
export function divide(originals: readonly Original[], seed: string): Sides {
  if (originals.length < FEWEST)
    throw new Error(
      `The bench needs ${FEWEST} originals of ${SHORTEST_SECONDS} s or more, but there are ${originals.length}.`,
    )
  const order = shuffled(originals, randomOf(seed, 'sides'))
  const held = Math.max(2, Math.round(order.length * HELD_SHARE))
  return { held: order.slice(0, held), library: order.slice(held) }
}

/** The MP4 files of a folder, by name. Unreadable ones are reported and skipped. */
export async function originalsOf(folder: string, print: (line: string) => void): Promise<Original[]> {
  const tools = await findFfmpeg({ ffmpegPath: undefined, ffprobePath: undefined })
  const originals: Original[] = []
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.(mp4|m4v|mov)$/i.test(name)) continue
    const original = await describe(tools, resolve(folder, name)).catch((fault: Error) => fault.message)
    if (typeof original === 'string') print(`Skipped ${name}: ${original}`)
    else if (originals.some(({ id }) => id === original.id))
      print(`Skipped ${name}: another file has the same name.`)
    else originals.push(original)
  }
  return originals
}

async function describe(tools: Tools, path: string): Promise<Original | string> {
  const info = await probe(tools, path)
  const duration = info.durationSeconds ?? 0
  if (duration < SHORTEST_SECONDS) return `it is shorter than ${SHORTEST_SECONDS} s.`
  const audible = info.hasAudio && (await meanVolume(tools, path)) > AUDIBLE_DB
  const id = basename(path, extname(path)).replace(/[^\w.-]+/g, '_')
  const { frameRate: fps, hasAudio, width, height } = info
  return { id, path, duration, fps, hasAudio, audible, width, height }
}

/** In dBFS; -Infinity if ffmpeg reports nothing. */
async function meanVolume({ ffmpeg }: Tools, path: string): Promise<number> {
  const args = ['-nostdin', '-hide_banner', '-i', path, '-vn', '-af', 'volumedetect', '-f', 'null', '-']
  const { stderr } = await promisify(execFile)(ffmpeg, args)
  const volume = /mean_volume: (\S+) dB/.exec(stderr)?.[1]
  return volume === undefined ? Number.NEGATIVE_INFINITY : Number(volume)
}

/** Number of rendered originals. */
export const RENDERED = { smoke: 9, full: 18 }
const RATES = [15, 24, 25, 12]
const RENDERED_SECONDS = 24

/** Renders footage, so that the bench runs anywhere. Rendered footage is easier to match than real footage. */
export async function renderOriginals(
  folder: string,
  { count, seed, print }: { count: number; seed: string; print: (line: string) => void },
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const random = randomOf(seed, 'footage')
  for (let n = 0; n < count; n++) {
    print(`Rendering original ${n + 1} of ${count} …`)
    await renderFootage(join(folder, `film-${String(n + 1).padStart(2, '0')}.mp4`), {
      seed: Math.floor(random() * 2 ** 31),
      seconds: RENDERED_SECONDS + n,
      fps: RATES[n % RATES.length] ?? 15,
      sound: n % 6 === 5 ? 'none' : 'tune',
    })
  }
}
