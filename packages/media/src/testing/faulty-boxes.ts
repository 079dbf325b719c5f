/** Changes boxes of a rendered MP4 to imitate the headers of broken writers. */

type Found = { readonly at: number; readonly isLong: boolean }

/** Offsets of the bodies of all boxes of a type. The type must not occur in the content. */
function bodiesOf(mp4: Buffer, type: string): Found[] {
  const found: Found[] = []
  for (let at = mp4.indexOf(type, 0, 'latin1'); at !== -1; at = mp4.indexOf(type, at + 4, 'latin1'))
    found.push({ at: at + 4, isLong: mp4.readUInt8(at + 4) === 1 })
  return found
}

/** Offsets of the length in versions 0 and 1 of each header box. */
const LENGTH_AT = {
  mvhd: [16, 24],
  mdhd: [16, 24],
  tkhd: [20, 28],
  mehd: [4, 4],
  elst: [8, 8],
} as const

/** Writes the same number of units into the lengths of all boxes of a type; of an edit list, of its first entry. */
export function writeLengths(mp4: Buffer, type: keyof typeof LENGTH_AT, units: number | bigint): Buffer {
  const bytes = Buffer.from(mp4)
  for (const { at, isLong } of bodiesOf(bytes, type)) {
    const [short, long] = LENGTH_AT[type]
    if (isLong) bytes.writeBigUInt64BE(BigInt(units), at + long)
    else bytes.writeUInt32BE(Number(units), at + short)
  }
  return bytes
}

/** Replaces a box type, or a codec's name in a sample entry, everywhere. */
export function rename(mp4: Buffer, from: string, to: string): Buffer {
  const bytes = Buffer.from(mp4)
  for (const { at } of bodiesOf(bytes, from)) bytes.write(to, at - 4, 'latin1')
  return bytes
}

/**
 * Converts all movie and media headers to version 1 boxes, with 64-bit times (ISO/IEC 14496-12, 8.2.2 and 8.4.2). Works
 * only for files whose index is at the end, because everything after the boxes moves.
 */
export function lengthenHeaders(mp4: Buffer): Buffer {
  const moov = mp4.lastIndexOf('moov', undefined, 'latin1') - 4
  return Buffer.concat([mp4.subarray(0, moov), longer(mp4.subarray(moov))])
}

const CONTAINERS = new Set(['moov', 'trak', 'mdia'])

/** A box and its content, rewritten. */
function longer(box: Buffer): Buffer {
  const type = box.toString('latin1', 4, 8)
  const body = box.subarray(8)
  if (CONTAINERS.has(type)) {
    const inner: Buffer[] = []
    for (let at = 0; at < body.length; at += body.readUInt32BE(at))
      inner.push(longer(body.subarray(at, at + body.readUInt32BE(at))))
    return boxOf(type, Buffer.concat(inner))
  }
  if ((type !== 'mvhd' && type !== 'mdhd') || body.readUInt8(0) !== 0) return box
  const head = Buffer.alloc(32)
  head.writeUInt8(1, 0)
  head.writeBigUInt64BE(BigInt(body.readUInt32BE(4)), 4)
  head.writeBigUInt64BE(BigInt(body.readUInt32BE(8)), 12)
  head.writeUInt32BE(body.readUInt32BE(12), 20)
  head.writeBigUInt64BE(BigInt(body.readUInt32BE(16)), 24)
  return boxOf(type, Buffer.concat([head, body.subarray(20)]))
}

function boxOf(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
