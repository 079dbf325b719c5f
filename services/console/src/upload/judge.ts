import { lengthText } from '../format/format.ts'
import { libraryTexts } from '../pages/library/library-texts.ts'
import { readLength } from './read-length.ts'
import { serverLimits } from './server-limits.ts'

/** Formats by their first bytes. `format` is the server's name (INPUT_FORMATS). */
const signatures = [
  { format: 'matroska', name: 'Matroska', bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { format: 'avi', name: 'AVI', bytes: [0x52, 0x49, 0x46, 0x46] },
  { format: 'flv', name: 'Flash', bytes: [0x46, 0x4c, 0x56] },
  { format: 'ogg', name: 'Ogg', bytes: [0x4f, 0x67, 0x67, 0x53] },
  { format: 'mpegps', name: 'MPEG', bytes: [0x00, 0x00, 0x01, 0xba] },
  { format: 'asf', name: 'Windows Media', bytes: [0x30, 0x26, 0xb2, 0x75] },
  { format: 'mxf', name: 'MXF', bytes: [0x06, 0x0e, 0x2b, 0x34] },
] as const

export type Verdict = 'mp4' | 'empty' | 'other' | (typeof signatures)[number]['name']

/** What a file is by its first 12 bytes. */
export function judgeBytes(bytes: Uint8Array): Verdict {
  if (bytes.length === 0) return 'empty'
  const type = String.fromCharCode(...bytes.slice(4, 8))
  // Old QuickTime files begin with other boxes than `ftyp`.
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(type)) return 'mp4'
  const found = signatures.find((one) => one.bytes.every((byte, index) => bytes[index] === byte))
  // WAV and WebP begin as AVI does.
  if (found?.format === 'avi' && String.fromCharCode(...bytes.slice(8, 12)) !== 'AVI ') return 'other'
  return found?.name ?? 'other'
}

export async function judgeFile(file: Blob): Promise<Verdict> {
  return judgeBytes(new Uint8Array(await file.slice(0, 12).arrayBuffer()))
}

/** Whether a server that takes these formats may be able to read a file. Unknown beginnings are left to it. */
export function isReadable(verdict: Verdict, formats: readonly string[]): boolean {
  if (verdict === 'empty') return false
  if (formats.includes('all')) return true
  if (verdict === 'other') return formats.some((format) => format !== 'mp4')
  const format = signatures.find(({ name }) => name === verdict)?.format ?? 'mp4'
  return formats.includes(format)
}

/** Throws why the server would refuse a file: by its first bytes, or by its length if the browser can read it. */
export async function requireReadable(file: Blob): Promise<void> {
  const texts = libraryTexts.value
  const [verdict, { formats, longestSeconds }] = await Promise.all([judgeFile(file), serverLimits()])
  if (!isReadable(verdict, formats)) throw new Error(texts.refused(verdict))
  if (longestSeconds === null) return
  const seconds = await readLength(file)
  // A video of exactly this length is too long as well.
  if (seconds !== null && seconds >= longestSeconds)
    throw new Error(texts.tooLong(lengthText(seconds), lengthText(longestSeconds)))
}
