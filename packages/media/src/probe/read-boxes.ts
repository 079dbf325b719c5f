import { type FileHandle, open } from 'node:fs/promises'

/** What the top-level boxes of an MP4 (ISO/IEC 14496-12, 4.2) say about its completeness. */
export type BoxSummary = {
  /** File size in bytes. */
  readonly size: number
  /** The first bytes, up to 64, for telling what a file that is no MP4 is instead. */
  readonly head: Buffer
  /** True if the file starts with a box of a type that MP4 files start with. */
  readonly looksLikeMp4: boolean
  readonly hasIndex: boolean
  /** Bytes that the last box claims beyond the file's end. */
  readonly missingBytes: number
  /** What the movie header (mvhd) says; ffprobe's newer builds correct it silently where the tracks differ. */
  readonly movieSeconds: number | undefined
  /** Tracks (trak) in the index. ffprobe gives up at a thousand, and says then that memory is short. */
  readonly tracks: number
}

/** Far more than any file written by a camera or a packager holds at the top level, fragments included. */
const MAX_BOXES = 20_000
const FIRST_BOXES = new Set([
  'ftyp',
  'moov',
  'mdat',
  'free',
  'skip',
  'wide',
  'pnot',
  'styp',
  'uuid',
  'sidx',
  'moof',
])

/** Walks the top-level boxes, reading 16 bytes of each. */
export const readBoxes = async (path: string): Promise<BoxSummary> => {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const head = await readAt(file, 0, 64)
    const types: string[] = []
    let movieSeconds: number | undefined
    let tracks = 0
    let at = 0
    let missingBytes = 0
    while (at + 8 <= size && types.length < MAX_BOXES) {
      const box = parseBox(await readAt(file, at, 16), size - at)
      if (box === undefined) break
      types.push(box.type)
      if (box.type === 'moov') {
        movieSeconds = parseMovieHeader(await readAt(file, at + box.headerLength, 40))
        tracks += await countTracks(file, at + box.headerLength, Math.min(size, at + box.length))
      }
      at += box.length
      if (at > size) missingBytes = at - size
    }
    return {
      size,
      head,
      looksLikeMp4: FIRST_BOXES.has(types[0] ?? ''),
      hasIndex: types.includes('moov'),
      missingBytes: FIRST_BOXES.has(types[0] ?? '') ? missingBytes : 0,
      movieSeconds,
      tracks,
    }
  } finally {
    await file.close()
  }
}

const countTracks = async (file: FileHandle, from: number, to: number): Promise<number> => {
  let [at, boxes, tracks] = [from, 0, 0]
  while (at + 8 <= to && boxes < MAX_BOXES) {
    const box = parseBox(await readAt(file, at, 16), to - at)
    if (box === undefined) break
    boxes += 1
    if (box.type === 'trak') tracks += 1
    at += box.length
  }
  return tracks
}

type Box = { readonly type: string; readonly length: number; readonly headerLength: 8 | 16 }

/** Length 1 means a 64-bit length follows, length 0 "up to the end of the file". */
const parseBox = (bytes: Buffer, remaining: number): Box | undefined => {
  if (bytes.length < 8) return undefined
  const type = bytes.toString('latin1', 4, 8)
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined
  const short = bytes.readUInt32BE(0)
  if (short === 0) return { type, length: remaining, headerLength: 8 }
  if (short !== 1) return short < 8 ? undefined : { type, length: short, headerLength: 8 }
  if (bytes.length < 16) return undefined
  const length = Number(bytes.readBigUInt64BE(8))
  return length < 16 ? undefined : { type, length, headerLength: 16 }
}

/** mvhd is the first box in moov in all files but contrived ones (14496-12, 8.2.2). All ones mean "unknown". */
const parseMovieHeader = (bytes: Buffer): number | undefined => {
  if (bytes.length < 40 || bytes.toString('latin1', 4, 8) !== 'mvhd') return undefined
  const isLong = bytes.readUInt8(8) === 1
  const scale = bytes.readUInt32BE(isLong ? 28 : 20)
  const duration = isLong ? Number(bytes.readBigUInt64BE(32)) : bytes.readUInt32BE(24)
  const unknown = isLong ? duration >= 2 ** 64 - 1 : duration === 0xffff_ffff
  return unknown || scale === 0 || duration === 0 ? undefined : duration / scale
}

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
