/** A queue that serves clients in turn, and the items of each client in order of arrival (round robin). */
export type FairQueue<T> = {
  readonly size: () => number
  push(client: string, item: T): void
  /** Removes and returns the next item; undefined if the queue is empty. */
  shift(): T | undefined
  /** Removes an item that has stopped waiting. */
  remove(client: string, item: T): void
}

/** @example const waiting = createFairQueue<() => void>(); waiting.push(secretId, begin); waiting.shift()?.() */
export function createFairQueue<T>(): FairQueue<T> {
  // A Map keeps insertion order: the client that has waited longest for its turn is first.
  const itemsByClient = new Map<string, Set<T>>()
  let size = 0
  const remove = (client: string, item: T): void => {
    const items = itemsByClient.get(client)
    if (items?.delete(item) !== true) return
    size -= 1
    if (items.size === 0) itemsByClient.delete(client)
  }
  return {
    size: () => size,
    push: (client, item) => {
      const items = itemsByClient.get(client) ?? new Set()
      itemsByClient.set(client, items.add(item))
      size += 1
    },
    shift: () => {
      const [first] = itemsByClient
      if (first === undefined) return undefined
      const [client, items] = first
      const [item] = items
      if (item === undefined) return undefined
      remove(client, item)
      itemsByClient.delete(client)
      if (items.size > 0) itemsByClient.set(client, items)
      return item
    },
    remove,
  }
}
