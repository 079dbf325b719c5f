import { Fault } from '@kinoprint/core'
import {
  decodeFingerprint,
  encodeFingerprint,
  fingerprintOfVpdq,
  formatVpdqJson,
  formatVpdqText,
  parseVpdq,
  VpdqFormatError,
  type VpdqFrame,
  vpdqOf,
} from '@kinoprint/dna'
import {
  decodeFingerprintFile,
  encodeFingerprintFile,
  etagOfFingerprint,
  isFingerprintFile,
} from './fingerprint-file.ts'
import { damaged, type PortableVideo } from './portable-video.ts'

/** A fingerprint file, and vPDQ as the Python tools and HMA read it, and as the C++ tools read it. */
export type ExchangeFormat = 'kfp' | 'vpdq' | 'vpdq-text'

/** What the first line of a vPDQ hash begins with: a list, an object, a frame number or a hash. */
const VPDQ_START = /^\s*(?:[[{]|\d+,|[0-9a-f]{64},)/i

/** Reads a fingerprint file or a vPDQ hash. Throws Fault InvalidContent for anything that is neither. */
export function decodeExchange(bytes: Uint8Array): PortableVideo {
  const text = isFingerprintFile(bytes) ? '' : Buffer.from(bytes.subarray(0, 100)).toString('latin1')
  if (!VPDQ_START.test(text)) return decodeFingerprintFile(bytes)
  try {
    return videoOfVpdq(parseVpdq(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (error) {
    if (error instanceof VpdqFormatError)
      throw new Fault('InvalidContent', `The vPDQ hash cannot be read. ${error.message}`, { cause: error })
    if (error instanceof TypeError) throw damaged('it is not text', error)
    throw error
  }
}

/** A video that is known by its vPDQ hash only. */
export function videoOfVpdq(frames: readonly VpdqFrame[]): PortableVideo {
  const fingerprint = fingerprintOfVpdq(frames)
  const data = encodeFingerprint(fingerprint)
  const unknown = { width: 0, height: 0, codec: null, fps: null, bytes: null }
  return {
    ...unknown,
    name: `vpdq-${etagOfFingerprint(data).replace(/\W|kfp/g, '')}`,
    durationSeconds: fingerprint.durationSeconds,
    hasAudio: false,
    frameCount: frames.length,
    data,
  }
}

/** Writes a fingerprint in a format for others. vPDQ keeps a frame a second of the picture, and nothing else. */
export function encodeExchange(video: PortableVideo, format: ExchangeFormat): Uint8Array {
  if (format === 'kfp') return encodeFingerprintFile(video)
  const frames = vpdqOf(decodeFingerprint(video.data))
  return Buffer.from(format === 'vpdq' ? `${formatVpdqJson(frames)}\n` : formatVpdqText(frames))
}
