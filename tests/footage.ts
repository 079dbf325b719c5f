import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Rendered footage with the statistics of film: shots of 1 to 4 s, each with its own picture and motion, and a tune with
 * its own chords. Equal seeds give equal picture and sound, other seeds give unrelated ones.
 */
export type Footage = {
  readonly seed: number
  readonly seconds: number
  readonly width?: number
  readonly height?: number
  readonly fps?: number
  /** `slides`: still shots of 4 s. `scene`: one still background with small moving objects. */
  readonly picture?: 'film' | 'slides' | 'scene' | 'black' | 'none'
  /** The seed of the background of a `scene`. `seed` moves its objects. */
  readonly scene?: number
  readonly sound?: 'tune' | 'silence' | 'none'
  /** Additional output options of ffmpeg, e.g. codec settings. */
  readonly output?: readonly string[]
}

const PLANE_WIDTH = 160
const PLANE_HEIGHT = 90
const SAMPLE_RATE = 22050

const DEFAULT_FPS = 15

/** Renders `footage` to an MP4 at `path`. Throws with ffmpeg's message if it fails. */
export async function renderFootage(path: string, footage: Footage): Promise<void> {
  const { fps = DEFAULT_FPS, picture = 'film', sound = 'tune' } = footage
  const child = spawn('ffmpeg', argumentsFor(path, footage), { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] })
  const said = collect(child.stderr as Readable)
  const closed = once(child, 'close')
  const pipes: Promise<void>[] = []
  if (picture !== 'none') pipes.push(writeAll(child.stdin as Writable, filmFrames({ ...footage, fps })))
  if (sound !== 'none') pipes.push(writeAll(child.stdio[3] as Writable, tune(footage)))
  await Promise.allSettled(pipes)
  const [code] = await closed
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} while it rendered ${path}: ${await said}`)
}

/** ffmpeg reads the picture from stdin and the sound from descriptor 3. */
function argumentsFor(path: string, footage: Footage): string[] {
  const {
    seconds,
    width = 640,
    height = 360,
    fps = DEFAULT_FPS,
    picture = 'film',
    sound = 'tune',
    output = [],
  } = footage
  const inputs: string[] = []
  const codecs: string[] = []
  if (picture !== 'none') {
    inputs.push(
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${PLANE_WIDTH}x${PLANE_HEIGHT}`,
      '-r',
      String(fps),
      '-i',
      'pipe:0',
    )
    codecs.push(
      '-vf',
      `scale=${width}:${height}:flags=bicubic`,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-crf',
      '20',
      '-pix_fmt',
      'yuv420p',
    )
  }
  if (sound !== 'none') {
    inputs.push('-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', 'pipe:3')
    codecs.push('-c:a', 'aac', '-b:a', '96k')
  }
  return ['-v', 'error', '-y', ...inputs, ...codecs, ...output, '-t', String(seconds), '-f', 'mp4', path]
}

/** Runs ffmpeg over existing files, e.g. to make an altered copy. */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  const child = spawn('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = collect(child.stderr)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${await said}`)
}

async function collect(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

async function writeAll(stream: Writable, chunks: Iterable<Uint8Array>): Promise<void> {
  // A reader that needs no more input closes the pipe. Its exit code shows whether that is an error.
  await pipeline(chunks, stream).catch(() => {})
}

type Random = () => number

/** mulberry32, a small seeded generator (public domain, T. Ettinger). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

type Blob = {
  x: number
  y: number
  dx: number
  dy: number
  size: number
  color: readonly [number, number, number]
}

function* filmFrames({
  seed,
  seconds,
  fps = 15,
  picture = 'film',
  scene = 0,
}: Footage): Generator<Uint8Array> {
  const random = seededRandom(seed)
  const total = Math.ceil(seconds * fps)
  const background = picture === 'scene' ? newShot(seededRandom(scene)) : []
  let shot: Blob[] = picture === 'scene' ? movingObjects(random) : []
  let shotEnds = picture === 'scene' ? total : 0
  for (let frame = 0; frame < total; frame++) {
    if (frame >= shotEnds) {
      shot = newShot(random)
      shotEnds = frame + Math.round(fps * (picture === 'slides' ? SLIDE_SECONDS : 1 + random() * 3))
    }
    yield picture === 'black'
      ? new Uint8Array(PLANE_WIDTH * PLANE_HEIGHT * 3)
      : paint([...background, ...shot])
    if (picture === 'slides') continue
    for (const blob of shot) move(blob, { fps, turn: picture === 'scene' ? random() : null })
  }
}

const SLIDE_SECONDS = 4

/** Moves in a straight line. Objects of a scene (with `turn` 0..1) also change direction and stay near the middle. */
function move(blob: Blob, { fps, turn }: { fps: number; turn: number | null }): void {
  blob.x += blob.dx / fps
  blob.y += blob.dy / fps
  if (turn === null) return
  if (turn < 1 / fps) [blob.dx, blob.dy] = [-blob.dy, blob.dx]
  if (blob.x < 40 || blob.x > 120) blob.dx = blob.x < 40 ? Math.abs(blob.dx) : -Math.abs(blob.dx)
  if (blob.y < 20 || blob.y > 70) blob.dy = blob.y < 20 ? Math.abs(blob.dy) : -Math.abs(blob.dy)
}

/** A few small objects in the middle of a scene. */
function movingObjects(random: Random): Blob[] {
  return newShot(random)
    .slice(0, 3)
    .map((blob) => ({ ...blob, x: 50 + random() * 60, y: 30 + random() * 30, size: 6 + random() * 8 }))
}

function newShot(random: Random): Blob[] {
  return Array.from({ length: 14 }, () => ({
    x: random() * PLANE_WIDTH,
    y: random() * PLANE_HEIGHT,
    dx: (random() - 0.5) * 40,
    dy: (random() - 0.5) * 24,
    size: 6 + random() * 28,
    color: [random() * 260 - 80, random() * 260 - 80, random() * 260 - 80] as const,
  }))
}

function paint(shot: readonly Blob[]): Uint8Array {
  const light = new Float32Array(PLANE_WIDTH * PLANE_HEIGHT * 3).fill(90)
  for (const { x, y, size, color } of shot) {
    const [red, green, blue] = color
    const [x0, x1] = [Math.max(0, Math.floor(x - size)), Math.min(PLANE_WIDTH - 1, Math.ceil(x + size))]
    const [y0, y1] = [Math.max(0, Math.floor(y - size)), Math.min(PLANE_HEIGHT - 1, Math.ceil(y + size))]
    for (let py = y0; py <= y1; py++) {
      for (let px = x0; px <= x1; px++) {
        const near = 1 - ((px - x) * (px - x) + (py - y) * (py - y)) / (size * size)
        if (near <= 0) continue
        const at = (py * PLANE_WIDTH + px) * 3
        light[at] = (light[at] as number) + near * red
        light[at + 1] = (light[at + 1] as number) + near * green
        light[at + 2] = (light[at + 2] as number) + near * blue
      }
    }
  }
  // `Uint8Array.from` with a callback takes as long as the painting.
  const plane = new Uint8Array(light.length)
  for (let at = 0; at < plane.length; at++) plane[at] = Math.min(255, Math.max(0, light[at] as number))
  return plane
}

const NOTE_SECONDS = 0.32

function* tune({ seed, seconds, sound = 'tune' }: Footage): Generator<Uint8Array> {
  const random = seededRandom(seed * 7919 + 1)
  const noteSamples = Math.round(NOTE_SECONDS * SAMPLE_RATE)
  for (let note = 0; note * NOTE_SECONDS < seconds; note++) {
    const voices = [0, 1, 2].map(() => 110 * 2 ** (Math.floor(random() * 40) / 12))
    const pcm = new Int16Array(noteSamples)
    for (let i = 0; i < noteSamples && sound === 'tune'; i++) {
      const t = i / SAMPLE_RATE
      const fade = Math.min(1, i / 300) * Math.exp(-t * 2)
      let value = (random() - 0.5) * 0.1
      for (const [k, hz] of voices.entries()) value += Math.sin(2 * Math.PI * hz * t) / (k + 2)
      pcm[i] = Math.round(value * fade * 12000)
    }
    yield new Uint8Array(pcm.buffer)
  }
}
