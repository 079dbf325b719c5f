import { seededRandom } from '../../tests/footage.ts'

/** Returns numbers 0..1. Equal words give equal numbers. */
export type Random = () => number

/** A generator seeded with FNV-1a over the words. Each query has its own, so none depends on another. */
export function randomOf(...words: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5
  for (const char of words.join(':')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return seededRandom(hash)
}

export function pick<T>(list: readonly T[], random: Random): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new Error('Cannot pick from an empty list.')
  return one
}

export function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((one) => ({ one, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
}
