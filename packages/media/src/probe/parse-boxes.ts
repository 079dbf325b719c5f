export type Box = { readonly type: string; readonly body: Buffer }

/** Far more than any box of an index holds; a chain of empty ones must not take minutes. */
const MAX_BOXES = 2000

/** The boxes (ISO/IEC 14496-12, 4.2) that lie in the body of another one. Ends where they make no sense. */
export const boxesIn = (bytes: Buffer): Box[] => {
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
export const childOf = (bytes: Buffer, type: string): Buffer | undefined =>
  boxesIn(bytes).find((box) => box.type === type)?.body

/** Follows a path of types, the first of each. */
export const descendantOf = (bytes: Buffer, ...path: readonly string[]): Buffer | undefined => {
  let found: Buffer | undefined = bytes
  for (const type of path) found = found && childOf(found, type)
  return found
}
