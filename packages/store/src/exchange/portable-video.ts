import { Fault } from '@kinoprint/core'
import { decodeFingerprint, FingerprintFormatError } from '@kinoprint/dna'
import type { Video } from '../videos/videos.ts'

/** What is known of a file besides its fingerprint, and what the fingerprint itself says. */
export type PortableFacts = Pick<
  Video,
  'durationSeconds' | 'width' | 'height' | 'hasAudio' | 'frameCount' | 'codec' | 'fps' | 'bytes'
>

/** A fingerprint with the facts of its file, without the file. */
export type PortableVideo = PortableFacts & {
  /** What its owner calls it, such as the name of the file. */
  readonly name: string
  /** The packed fingerprint. */
  readonly data: Uint8Array
}

/** Half an hour takes about 1 MB, 24 hours less than this. */
export const FINGERPRINT_BYTES_MAX = 64 * 1024 * 1024
export const DESCRIPTION_BYTES_MAX = 65_536

const NAME_BYTES_MAX = 850
const CODEC_CHARACTERS_MAX = 64
const PIXELS_MAX = 65_535
const COUNT_MAX = 2_147_483_647
const FPS_MAX = 100_000
const DURATION_MAX_SECONDS = 86_400
/** A run spans at most 8 s, and a last frame may be late. A longer one would fill the index with copies of its hash. */
const RUN_MAX_MS = 10_000

/** The description of a fingerprint as JSON. The fingerprint itself says how long it is and whether it has sound. */
export function describeVideo({
  name,
  width,
  height,
  frameCount,
  codec,
  fps,
  bytes,
}: PortableVideo): Record<string, unknown> {
  return { name, width, height, frameCount, codec, fps, bytes }
}

/**
 * Reads a description and its fingerprint, which may come from anyone.
 *
 * @throws Fault InvalidContent for a field or a fingerprint that Kinoprint cannot have written.
 */
export function checkVideo(description: unknown, data: Uint8Array): PortableVideo {
  const fields = fieldsOf(description)
  return {
    name: checkedText(fields, 'name'),
    width: wholeNumber(fields, 'width', PIXELS_MAX),
    height: wholeNumber(fields, 'height', PIXELS_MAX),
    frameCount: wholeNumber(fields, 'frameCount', COUNT_MAX),
    codec: fields.codec === null ? null : checkedText(fields, 'codec', CODEC_CHARACTERS_MAX),
    fps: fields.fps === null ? null : numberUpTo(fields, 'fps', FPS_MAX),
    bytes: fields.bytes === null ? null : wholeNumber(fields, 'bytes', Number.MAX_SAFE_INTEGER),
    ...checkFingerprint(data),
    data,
  }
}

/** Checks a fingerprint that may come from anyone, and returns what it says. Throws Fault InvalidContent. */
function checkFingerprint(data: Uint8Array): Pick<PortableFacts, 'durationSeconds' | 'hasAudio'> {
  try {
    const { durationSeconds, video, views = [], audio } = decodeFingerprint(data)
    if (durationSeconds > DURATION_MAX_SECONDS) throw damaged(`it lasts ${durationSeconds} s`)
    for (const { startMs, lastMs } of [video, ...views])
      for (const [run, start] of startMs.entries())
        if ((lastMs[run] ?? 0) - start > RUN_MAX_MS) throw damaged(`its run ${run} is longer than 8 s`)
    return { durationSeconds, hasAudio: audio !== null }
  } catch (error) {
    throw error instanceof FingerprintFormatError ? damaged(error.message, error) : error
  }
}

/** A fault of content that came from outside. */
export function damaged(what: string, cause?: unknown): Fault {
  return new Fault('InvalidContent', `The fingerprint cannot be read: ${what}`.replace(/\.?$/, '.'), {
    cause,
  })
}

type Fields = Readonly<Record<string, unknown>>

/** The fields of a description. Throws Fault InvalidContent if it is not a JSON object. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw damaged('its description is not a JSON object')
}

/** Text that PostgreSQL can store. Default: at most 850 bytes, as a name of an object. */
export function checkedText(fields: Fields, field: string, maxBytes = NAME_BYTES_MAX): string {
  const value = fields[field]
  const isText = typeof value === 'string' && value !== '' && !value.includes('\0')
  // An unpaired surrogate has no UTF-8 form.
  const bytes = isText ? Buffer.from(value) : null
  if (isText && bytes !== null && bytes.toString() === value && bytes.length <= maxBytes) return value
  throw damaged(`its field ${field} is not text of at most ${maxBytes} bytes`)
}

function wholeNumber(fields: Fields, field: string, max: number): number {
  const value = numberUpTo(fields, field, max)
  if (Number.isInteger(value)) return value
  throw damaged(`its field ${field} is not a whole number`)
}

function numberUpTo(fields: Fields, field: string, max: number): number {
  const value = fields[field]
  if (typeof value === 'number' && value >= 0 && value <= max) return value
  throw damaged(`its field ${field} is not a number from 0 to ${max}`)
}

/** Parses JSON of a description. Throws Fault InvalidContent. */
export function parseDescription(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw damaged('its description is not JSON', cause)
  }
}
