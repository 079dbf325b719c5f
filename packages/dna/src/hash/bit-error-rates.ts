/** Upper bounds of the margin classes, smallest first. The caller defines what a margin of 1 means. */
const MARGINS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6]

/**
 * Bit error rate, in 256ths, of a bit whose value is `margin` away from the threshold that decides it: the rate of the
 * first of seven margin classes whose bound is larger. Bits near their threshold flip most often in copies. Source:
 * Haitsma and Kalker, A Highly Robust Audio Fingerprinting System, ISMIR 2002 (reliability of bits).
 */
export function errorRateAt(margin: number, rates: readonly number[]): number {
  let step = 0
  while (step < MARGINS.length && margin >= (MARGINS[step] as number)) step++
  return rates[step] as number
}
