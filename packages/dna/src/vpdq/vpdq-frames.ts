import { HASH_WORDS } from '../hash/hamming.ts'

/** One frame of a vPDQ hash: its PDQ hash, PDQ quality 0 to 100, and time in decimal seconds. */
export type VpdqFrame = {
  readonly hash: Uint32Array
  readonly quality: number
  readonly seconds: number
}

/** Thrown for text that is not a vPDQ hash. */
export class VpdqFormatError extends Error {
  override readonly name = 'VpdqFormatError'
}

const HEX = /^[0-9a-f]{64}$/i
const MAX_QUALITY = 100
const MAX_SECONDS = 86_400
const DECIMALS = 3

/**
 * Reads a vPDQ hash in each form that Meta's tools write: lines `frame,quality,hash,time` of the C++ tool, lines
 * `hash,quality,time` of the Python tool, a JSON list of such lines (the signal of HMA), and the older JSON object of
 * frames. Times must not fall.
 *
 * @throws VpdqFormatError with the first line that is wrong.
 */
export function parseVpdq(text: string): VpdqFrame[] {
  const trimmed = text.trim()
  const frames = /^[[{]/.test(trimmed) ? parseJson(trimmed) : trimmed.split(/\r?\n/).map(parseLine)
  if (frames.length === 0) throw new VpdqFormatError('It has no frames.')
  for (const [at, { seconds }] of frames.entries())
    if (seconds < (frames[at - 1]?.seconds ?? 0)) throw wrong(at, 'its time is before that of the last frame')
  return withDistinctTimes(frames)
}

function parseJson(text: string): VpdqFrame[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new VpdqFormatError('It is not JSON.')
  }
  if (Array.isArray(value))
    return value.map((line: unknown, at) => {
      if (typeof line !== 'string') throw wrong(at, 'it is not text')
      return parseLine(line, at)
    })
  return Object.values(value as object).map((frame: unknown, at) => {
    const { hash, quality, timestamp } = (frame ?? {}) as Readonly<Record<string, unknown>>
    return checkedFrame([hash, quality, timestamp], at)
  })
}

function parseLine(line: string, at: number): VpdqFrame {
  const fields = line.split(',').map((field) => field.trim())
  if (fields.length === 3) return checkedFrame([fields[0], fields[1], fields[2]], at)
  if (fields.length === 4) return checkedFrame([fields[2], fields[1], fields[3]], at)
  throw wrong(at, 'it does not have three or four fields')
}

type Fields = readonly [hash: unknown, quality: unknown, seconds: unknown]

function checkedFrame([hash, quality, seconds]: Fields, at: number): VpdqFrame {
  if (typeof hash !== 'string' || !HEX.test(hash)) throw wrong(at, 'its hash is not 64 hexadecimal digits')
  const value = numberOf(quality)
  if (!Number.isInteger(value) || value < 0 || value > MAX_QUALITY)
    throw wrong(at, 'its quality is not a whole number from 0 to 100')
  const time = numberOf(seconds)
  if (!(time >= 0 && time <= MAX_SECONDS)) throw wrong(at, 'its time is not within a day')
  return { hash: hashOf(hash), quality: value, seconds: time }
}

function numberOf(field: unknown): number {
  if (typeof field === 'number') return field
  return typeof field === 'string' && field !== '' ? Number(field) : Number.NaN
}

/** The words of a hash in 64 hexadecimal digits. */
export function hashOf(hex: string): Uint32Array {
  return Uint32Array.from({ length: HASH_WORDS }, (_, word) =>
    Number.parseInt(hex.slice(8 * word, 8 * word + 8), 16),
  )
}

/**
 * The Python tool rounds times to three digits, so that ten frames after 1000 s share one time. They are spread up to the
 * next time.
 */
function withDistinctTimes(frames: readonly VpdqFrame[]): VpdqFrame[] {
  const spread: VpdqFrame[] = []
  for (let from = 0; from < frames.length; ) {
    const { seconds } = frames[from] as VpdqFrame
    let to = from + 1
    while (frames[to]?.seconds === seconds) to++
    const next = frames[to]?.seconds ?? seconds + (to - from)
    for (let at = from; at < to; at++)
      spread.push({
        ...(frames[at] as VpdqFrame),
        seconds: seconds + ((next - seconds) * (at - from)) / (to - from),
      })
    from = to
  }
  return spread
}

/** The hash of a frame as PDQ prints it: 64 hexadecimal digits. */
export function hexOf(hash: Uint32Array): string {
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('')
}

/** A vPDQ hash as Meta's Python tools and HMA read it: a JSON list of `hash,quality,time`. */
export function formatVpdqJson(frames: readonly VpdqFrame[]): string {
  return JSON.stringify(
    frames.map(
      ({ hash, quality, seconds }) => `${hexOf(hash)},${quality},${Number(seconds.toFixed(DECIMALS))}`,
    ),
  )
}

/** A vPDQ hash as Meta's C++ tools read it: lines of `frame,quality,hash,time`. */
export function formatVpdqText(frames: readonly VpdqFrame[]): string {
  return frames
    .map(({ hash, quality, seconds }, at) => `${at},${quality},${hexOf(hash)},${seconds.toFixed(DECIMALS)}\n`)
    .join('')
}

function wrong(at: number, what: string): VpdqFormatError {
  return new VpdqFormatError(`Frame ${at + 1} is invalid: ${what}.`)
}
