/** Margins up to which a chance holds, the smallest first; the meaning of 1 is the caller's. */
const MARGINS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6]

/**
 * How likely a bit is to differ in a copy, in 256ths, by how far what it was made of lies from where it would change:
 * the first chance whose margin is larger, of seven.
 */
export function chanceAt(margin: number, chances: readonly number[]): number {
  let step = 0
  while (step < MARGINS.length && margin >= (MARGINS[step] as number)) step++
  return chances[step] as number
}
