/** A fixed number of slots for concurrent requests, shared fairly among clients. */
export type InFlightLimiter = {
  /** Takes a slot for `client`. Returns a function that releases it, or null if the client already has its share. */
  acquire(client: string): (() => void) | null
}

/**
 * A client may take a slot while it holds fewer slots than are free. Thus one client never gets more than half of all
 * slots, every other client still gets some, and free slots do not stay idle.
 *
 * @example
 * const release = createInFlightLimiter({ total: 1_000 }).acquire(address)
 * if (release === null) throw new Fault('SlowDown', 'Too many concurrent requests.')
 */
export function createInFlightLimiter({ total }: { readonly total: number }): InFlightLimiter {
  const held = new Map<string, number>()
  let free = total
  return {
    acquire: (client) => {
      const own = held.get(client) ?? 0
      if (own >= free) return null
      held.set(client, own + 1)
      free -= 1
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        free += 1
        const left = (held.get(client) ?? 1) - 1
        if (left === 0) held.delete(client)
        else held.set(client, left)
      }
    },
  }
}
