import type { FileFormat } from '../formats/formats.ts'
import { withInput } from '../process/open-input.ts'

type Sizes = {
  /** Size of the file in bytes. */
  readonly size: number
  /** How many bytes of it the header states in addition; > 0 means that the file is truncated. */
  readonly missingBytes: number
}

/** Longest head of a Matroska file in which its segment begins. */
const HEAD_BYTES = 4096
const SEGMENT_ID = Buffer.from('18538067', 'hex')

/** Compares the size of a file with the one that its header states, in formats that state it. */
export function readSizes(path: string, format: FileFormat): Promise<Sizes> {
  return withInput(path, async ({ handle, stats: { size } }) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const head = buffer.subarray(0, bytesRead)
    const stated = format === 'avi' ? riffEnd(head) : format === 'matroska' ? segmentEnd(head) : undefined
    return { size, missingBytes: Math.max(0, (stated ?? 0) - size) }
  })
}

/** The end of the first RIFF chunk. 0 and the largest size are written by recorders that never finished. */
function riffEnd(head: Buffer): number | undefined {
  const length = head.length < 8 ? 0 : head.readUInt32LE(4)
  return length === 0 || length === 0xffff_ffff ? undefined : 8 + length
}

/** The end of the Segment element (RFC 8794, 6; RFC 9559, 5.1). All ones mean an unknown size. */
function segmentEnd(head: Buffer): number | undefined {
  const at = head.indexOf(SEGMENT_ID) + SEGMENT_ID.length
  const first = head[at] ?? 0
  const length = 1 + Math.clz32(first) - 24
  if (at < SEGMENT_ID.length || length > 8 || at + length > head.length) return undefined
  const bytes = [...head.subarray(at + 1, at + length)]
  const value = bytes.reduce((sum, byte) => 256 * sum + byte, first & (2 ** (8 - length) - 1))
  return value >= 2 ** (7 * length) - 1 ? undefined : at + length + value
}
