import { expect, test } from 'vitest'
import { CELL_BITS, cellKeyOf, likelyCells } from './cells.ts'

const hash = Uint32Array.from({ length: 8 }, (_, i) => Math.imul(0x9e3779b1, i + 1) >>> 0)

test('a probe looks into its own cell first, then where one of its doubtful bits differs', () => {
  const key = cellKeyOf('video', hash)
  const doubts = new Uint8Array(256).fill(4)
  doubts[204] = 100
  doubts[233] = 60
  const cells = likelyCells('video', { timeMs: 0, hash, doubts }, { depth: 8, count: 4 })
  const top = (bit: number) => 1 << (CELL_BITS - 1 - bit)
  const own = key & ~(2 ** 16 - 1)
  expect(cells).toEqual([own, own ^ top(0), own ^ top(2), own ^ top(0) ^ top(2)])
})

test.each([0, 1, 5])('of %s bits all cells are reached, each once', (depth) => {
  for (const kind of ['video', 'audio'] as const) {
    const cells = likelyCells(kind, { timeMs: 0, hash }, { depth, count: 1000 })
    expect(new Set(cells).size).toBe(2 ** depth)
    expect(cells).toHaveLength(2 ** depth)
  }
})

test('the cells come in the order of their likelihood', () => {
  const doubts = Uint8Array.from({ length: 256 }, (_, i) => 1 + ((37 * i) % 120))
  const depth = 10
  const cells = likelyCells('audio', { timeMs: 0, hash, doubts }, { depth, count: 2 ** depth })
  const own = cells[0] as number
  const order = [0, 12, 4, 2, 3, 28, 5, 29, 10, 11].map((bit) => (doubts[96 + bit] as number) / 256)
  const chanceOf = (cell: number) =>
    order.reduce(
      (p, chance, i) => p * ((((cell ^ own) >>> (CELL_BITS - 1 - i)) & 1) === 1 ? chance : 1 - chance),
      1,
    )
  const chances = cells.map(chanceOf)
  for (let i = 1; i < chances.length; i++)
    expect(chances[i]).toBeLessThanOrEqual((chances[i - 1] as number) * 1.0001)
})
