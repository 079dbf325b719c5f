export type Box = { readonly type: string; readonly body: Buffer }

/** Far more than any box of an index contains. Parsing a chain of empty boxes must not take minutes. */
const MAX_BOXES = 2000

/** Returns the boxes (ISO/IEC 14496-12, 4.2) in the body of another one, up to the first malformed one. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  let at = 0
  while (at + 8 <= bytes.length && boxes.length < MAX_BOXES) {
    const short = bytes.readUInt32BE(at)
    const isLong = short === 1 && at + 16 <= bytes.length
    const length = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short
    const header = isLong ? 16 : 8
    if (length < header) break
    const body = bytes.subarray(at + header, Math.min(bytes.length, at + length))
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), body })
    at += length
  }
  return boxes
}

/** The first box of a type. */
export function childOf(bytes: Buffer, type: string): Buffer | undefined {
  return boxesIn(bytes).find((box) => box.type === type)?.body
}

/** Follows a path of types, taking the first box of each. */
export function descendantOf(bytes: Buffer, ...path: readonly string[]): Buffer | undefined {
  let found: Buffer | undefined = bytes
  for (const type of path) found = found && childOf(found, type)
  return found
}

export type DurationField = { readonly at: number; readonly isLong: boolean; readonly scale: number }

/** "Unknown" is written as all ones, even in signed fields and, with 32 bits, in 64-bit fields. */
const UNKNOWN: readonly number[] = [0x7fff_ffff, 0xffff_fffe, 0xffff_ffff]
/** The same in 64 bits, rounded to a number. */
const UNKNOWN_LONG = 2 ** 63 - 1024

/**
 * Reads a duration from a header box, in seconds. Undefined if the box states "unknown": 0 or all ones (ISO/IEC
 * 14496-12, 8.2.2).
 */
export function readDuration(body: Buffer, { at, isLong, scale }: DurationField): number | undefined {
  if (scale === 0 || body.length < at + (isLong ? 8 : 4)) return undefined
  const units = isLong ? Number(body.readBigUInt64BE(at)) : body.readUInt32BE(at)
  if (units === 0 || UNKNOWN.includes(units) || units >= UNKNOWN_LONG) return undefined
  return units / scale
}
