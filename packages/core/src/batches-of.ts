/** Cuts a list into batches of a size, in order; the last one may be smaller. An empty list has none. */
export function batchesOf<T>(list: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(size * i, size * (i + 1)))
}
