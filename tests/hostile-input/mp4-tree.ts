/** A box of an MP4 (ISO/IEC 14496-12, 4.2) and its offsets in the file. */
export type Box = {
  readonly type: string
  /** Offset of its first byte, and of the first byte after it. */
  readonly start: number
  readonly end: number
  /** Offset of its first byte after size and type. */
  readonly body: number
  /** Names of the enclosing boxes, outermost first. */
  readonly path: readonly string[]
}

/** Boxes that contain only boxes. */
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf', 'mvex', 'moof', 'traf'])

/** All boxes of a well-formed file with 32-bit sizes, each before its contents. */
export function boxesOf(
  bytes: Buffer,
  within = { start: 0, end: bytes.length },
  path: readonly string[] = [],
): Box[] {
  const boxes: Box[] = []
  for (let at = within.start; at + 8 <= within.end; ) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > within.end) break
    const type = bytes.toString('latin1', at + 4, at + 8)
    boxes.push({ type, start: at, end: at + size, body: at + 8, path })
    if (CONTAINERS.has(type))
      boxes.push(...boxesOf(bytes, { start: at + 8, end: at + size }, [...path, type]))
    at += size
  }
  return boxes
}

/** The first box of that name. Throws if there is none. */
export function boxOf(bytes: Buffer, type: string): Box {
  const box = boxesOf(bytes).find((one) => one.type === type)
  if (box === undefined) throw new Error(`This file has no ${type} box.`)
  return box
}
