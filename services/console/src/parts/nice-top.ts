/** The top of an axis from 0: the least of 1, 2, 4 and 8 times a power of ten that holds `largest`; at least 4. */
export function niceTop(largest: number): number {
  const LEAST = 4
  if (largest <= LEAST) return LEAST
  const power = 10 ** Math.floor(Math.log10(largest))
  const factor = [1, 2, 4, 8, 10].find((one) => one * power >= largest) ?? 10
  return factor * power
}
