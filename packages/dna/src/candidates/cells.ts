import type { Probe } from './probe.ts'

/** Bits in the key of a cell; a library uses as many of them as its size asks for. */
export const CELL_BITS = 24
/** The sub-fingerprint of a window of sound of which its key is made: one in its middle. */
export const KEY_ITEM = 3

/**
 * The bits of a hash that make its key, the first one on top (bit 0 is the top bit of word 0). They are those that
 * differ least in attacked copies (from 4 % up), low frequencies mostly; the database makes the same keys of what it
 * stores (migration 0004).
 */
const KEY_BITS = {
  video: [
    204, 220, 233, 253, 237, 255, 206, 175, 234, 232, 236, 238, 205, 167, 252, 239, 218, 251, 171, 219, 216,
    254, 191, 190,
  ],
  audio: [0, 12, 4, 2, 3, 28, 5, 29, 10, 11, 1, 30, 13, 8, 20, 16, 24, 6, 17, 26, 22, 9, 14, 31].map(
    (bit) => 32 * KEY_ITEM + bit,
  ),
} as const

/** How often those bits differ in a copy, in 256ths, where nothing more is known of them. */
const MEAN_DOUBTS = {
  video: [11, 12, 13, 14, 14, 14, 14, 14, 15, 15, 15, 15, 15, 16, 16, 16, 16, 17, 17, 17, 17, 17, 18, 18],
  audio: [7, 9, 9, 10, 9, 10, 12, 14, 17, 12, 15, 18, 21, 10, 22, 21, 19, 27, 26, 18, 23, 20, 17, 20],
} as const

export type CellKind = keyof typeof KEY_BITS

/** The key of a hash, 0 to 2^24 - 1: hashes that are alike in their steadiest bits have neighbouring ones. */
export function cellKeyOf(kind: CellKind, hash: Uint32Array): number {
  return KEY_BITS[kind].reduce((key, bit) => (key << 1) | bitOf(hash, bit), 0)
}

function bitOf(hash: Uint32Array, bit: number): number {
  return ((hash[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1
}

/**
 * The first keys of the cells in which a copy of the probe is most likely to lie, the likeliest first: its own, then
 * those that differ from it in the bits that it doubts most. A cell is a range of 2^(24 - depth) keys. At most
 * 2^depth cells, by a search from the best set of bits to the next (multi-probe hashing; source: Lv et al., Multi-Probe
 * LSH, VLDB 2007, section 4.4).
 */
export function likelyCells(
  kind: CellKind,
  { hash, doubts }: Probe,
  { depth, count }: { readonly depth: number; readonly count: number },
): number[] {
  const own = cellKeyOf(kind, hash) & ~((1 << (CELL_BITS - depth)) - 1)
  const flips = KEY_BITS[kind]
    .slice(0, depth)
    .map((bit, i) => ({
      mask: 1 << (CELL_BITS - 1 - i),
      cost: costOf(doubts?.[bit] ?? (MEAN_DOUBTS[kind][i] as number)),
    }))
    .sort((a, b) => a.cost - b.cost)
  const cells = [own]
  const [first] = flips
  const open = first ? [{ cost: first.cost, last: 0, mask: first.mask }] : []
  while (cells.length < count) {
    const best = takeCheapest(open)
    if (!best) break
    cells.push(own ^ best.mask)
    const next = flips[best.last + 1]
    const last = flips[best.last]
    if (!next || !last) continue
    // Every set of bits is reached once: from the one without its last bit, or with that bit moved back by one.
    open.push({ cost: best.cost + next.cost, last: best.last + 1, mask: best.mask | next.mask })
    open.push({
      cost: best.cost - last.cost + next.cost,
      last: best.last + 1,
      mask: (best.mask ^ last.mask) | next.mask,
    })
  }
  return cells
}

/** What it costs to believe that a bit differs: the log of the odds against it. */
function costOf(doubt: number): number {
  const chance = Math.min(Math.max(doubt, 1), 127) / 256
  return Math.log((1 - chance) / chance)
}

function takeCheapest<T extends { readonly cost: number }>(open: T[]): T | undefined {
  let best = 0
  for (let i = 1; i < open.length; i++) if ((open[i] as T).cost < (open[best] as T).cost) best = i
  const taken = open[best]
  const last = open.pop()
  if (taken !== last && last !== undefined) open[best] = last
  return taken
}
