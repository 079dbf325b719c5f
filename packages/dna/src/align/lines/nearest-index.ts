/**
 * The nearest integer, never -0. V8 discards the optimised code of a function in which -0 becomes an index, and does so
 * again each time that it has optimised it.
 */
export function nearestIndex(value: number): number {
  return Math.round(value) + 0
}
