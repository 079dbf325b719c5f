/** A queue that serves names in turn, each name's items in the order in which they came. */
export type FairQueue<T> = {
  readonly size: () => number
  push(name: string, item: T): void
  /** The next item, undefined where there is none. */
  shift(): T | undefined
  /** Takes an item out that no longer waits. */
  remove(name: string, item: T): void
}

/** @example const waiting = createFairQueue<() => void>(); waiting.push(secretId, begin); waiting.shift()?.() */
export function createFairQueue<T>(): FairQueue<T> {
  // A Map keeps the order of insertion: the name that has waited longest for its turn comes first.
  const lines = new Map<string, Set<T>>()
  let size = 0
  const remove = (name: string, item: T): void => {
    const line = lines.get(name)
    if (line?.delete(item) !== true) return
    size -= 1
    if (line.size === 0) lines.delete(name)
  }
  return {
    size: () => size,
    push: (name, item) => {
      const line = lines.get(name) ?? new Set()
      lines.set(name, line.add(item))
      size += 1
    },
    shift: () => {
      const [turn] = lines
      if (turn === undefined) return undefined
      const [name, line] = turn
      const [item] = line
      if (item === undefined) return undefined
      remove(name, item)
      lines.delete(name)
      if (line.size > 0) lines.set(name, line)
      return item
    },
    remove,
  }
}
