/** A limited number of places, shared out by name. */
export type InFlightLimiter = {
  /** Takes a place for `name`; returns what gives it back, or null where `name` has its share already. */
  take(name: string): (() => void) | null
}

/**
 * A name may take a place while it holds fewer than are free. One name therefore never gets more than half of all
 * places, and every further name still finds some, however greedy the others are. What no other name asks for is
 * not left idle.
 *
 * @example
 * const release = createInFlightLimiter({ total: 1_000 }).take(address)
 * if (release === null) throw new Fault('SlowDown', 'Too many requests are under way.')
 */
export function createInFlightLimiter({ total }: { readonly total: number }): InFlightLimiter {
  const held = new Map<string, number>()
  let free = total
  return {
    take: (name) => {
      const mine = held.get(name) ?? 0
      if (mine >= free) return null
      held.set(name, mine + 1)
      free -= 1
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        free += 1
        const left = (held.get(name) ?? 1) - 1
        if (left === 0) held.delete(name)
        else held.set(name, left)
      }
    },
  }
}
