import { seededRandom } from '../footage.ts'
import { type Box, boxesOf } from './mp4-tree.ts'

export type Mutant = {
  readonly bytes: Buffer
  /** The changes to the file, to explain a failure. */
  readonly done: readonly string[]
}

type Dice = {
  /** An integer in 0..below-1. */
  readonly int: (below: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

type Mutation = (bytes: Buffer, dice: Dice, corpus: readonly Buffer[]) => readonly [Buffer, string]

/** Sizes and counts at the limits of integer arithmetic. */
const EXTREME_VALUES = [0, 1, 7, 8, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]
/** Boxes whose fields enter the demuxer's arithmetic. */
const TABLES = new Set(
  ['mvhd', 'tkhd', 'mdhd', 'hdlr', 'elst', 'stsd', 'stts', 'ctts', 'stss', 'stsc', 'stsz', 'stco'].concat([
    'tfhd',
    'trun',
    'tfdt',
    'mfhd',
    'trex',
    'mehd',
    'sdtp',
    'sidx',
    'ftyp',
  ]),
)

const truncate: Mutation = (bytes, { int }) => {
  const length = int(bytes.length)
  return [bytes.subarray(0, length), `truncated to ${length} bytes`]
}

const flip: Mutation = (bytes, { int, pick }) => {
  const copy = Buffer.from(bytes)
  const header = boxesOf(bytes).filter(({ type }) => type === 'moov' || type === 'moof')
  const where = header.length > 0 && int(2) === 0 ? pick(header) : { start: 0, end: bytes.length }
  const count = 1 + int(20)
  for (let n = 0; n < count; n++) {
    const at = where.start + int(where.end - where.start)
    copy[at] = (copy[at] ?? 0) ^ (1 << int(8))
  }
  return [copy, `${count} bits flipped in ${where.start}..${where.end}`]
}

/** Replaces a box by new bytes and updates the lengths of the enclosing boxes, or leaves them. */
function replace(bytes: Buffer, box: Box, by: Buffer, honest: boolean): Buffer {
  const result = Buffer.concat([bytes.subarray(0, box.start), by, bytes.subarray(box.end)])
  if (!honest) return result
  const around = boxesOf(bytes).filter(({ start, end }) => start < box.start && end >= box.end)
  for (const { start, end } of around) {
    result.writeUInt32BE(end - start + by.length - (box.end - box.start), start)
  }
  return result
}

const splice: Mutation = (bytes, { int, pick }, corpus) => {
  const boxes = boxesOf(bytes)
  if (boxes.length === 0) return [bytes, 'no box to splice']
  const box = pick(boxes)
  const own = bytes.subarray(box.start, box.end)
  const other = pick(corpus)
  const { start, end, type } = pick(boxesOf(other))
  const [by, what] = pick([
    [Buffer.alloc(0), `${box.type} removed`],
    [Buffer.concat([own, own]), `${box.type} duplicated`],
    [other.subarray(start, end), `${box.type} replaced by another file's ${type}`],
    [Buffer.concat([own, other.subarray(start, end)]), `another file's ${type} inserted after ${box.type}`],
  ] as const)
  const honest = int(3) > 0
  return [replace(bytes, box, by, honest), `${what}${honest ? '' : ', sizes unchanged'}`]
}

const falsifySize: Mutation = (bytes, { int, pick }) => {
  const boxes = boxesOf(bytes)
  if (boxes.length === 0) return [bytes, 'no size to change']
  const { start, end, type } = pick(boxes)
  const copy = Buffer.from(bytes)
  const size = int(2) === 0 ? pick(EXTREME_VALUES) : Math.max(0, end - start + int(2000) - 1000)
  copy.writeUInt32BE(size, start)
  return [copy, `${type} claims ${size} bytes, not ${end - start}`]
}

const falsifyFields: Mutation = (bytes, { int, pick }) => {
  const boxes = boxesOf(bytes).filter(({ type, body, end }) => TABLES.has(type) && end - body >= 4)
  if (boxes.length === 0) return [bytes, 'no field to change']
  const { type, body, end } = pick(boxes)
  const copy = Buffer.from(bytes)
  const at = body + 4 * int((end - body) >> 2)
  const value = int(3) > 0 ? pick(EXTREME_VALUES) : int(0x100000000)
  copy.writeUInt32BE(value, at)
  return [copy, `${type} has ${value} at ${at - body}`]
}

const mutations: readonly Mutation[] = [
  truncate,
  flip,
  splice,
  splice,
  falsifySize,
  falsifyFields,
  falsifyFields,
]

/** A copy of one of the files with one to three kinds of damage. Equal seeds give equal damage. */
export function mutate(corpus: readonly Buffer[], seed: number): Mutant {
  const random = seededRandom(seed)
  const int = (below: number): number => Math.floor(random() * below)
  const pick = <T>(from: readonly T[]): T => from[int(from.length)] as T
  const dice: Dice = { int, pick }
  const file = int(corpus.length)
  let bytes = corpus[file] ?? Buffer.alloc(0)
  const done = [`file ${file}`]
  for (let n = 1 + int(3); n > 0; n--) {
    const [next, what] = pick(mutations)(bytes, dice, corpus)
    bytes = next
    done.push(what)
  }
  return { bytes, done }
}
