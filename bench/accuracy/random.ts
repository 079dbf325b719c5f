import { seededRandom } from '../../tests/footage.ts'

/** Numbers 0..1, always the same for the same words. */
export type Random = () => number

/** FNV-1a over the words seeds the generator, so that each query has its own and none depends on another. */
export function randomOf(...words: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5
  for (const char of words.join(':')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return seededRandom(hash)
}

export function pick<T>(list: readonly T[], random: Random): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new Error('There is nothing to pick from.')
  return one
}

export function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((one) => ({ one, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
}
