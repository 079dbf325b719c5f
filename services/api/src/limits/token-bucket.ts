/** How often something may be done: `burst` times at once, and `perSecond` times in each second after that. */
export type TokenBuckets = {
  /** Whether this one may do it now. Costs nothing. */
  has(name: string): boolean
  /** Counts one; false where nothing was left. */
  take(name: string): boolean
  /** Counts one that was not asked for before: many at once may put a name into debt, by `burst` at most. */
  forceTake(name: string): void
}

export type TokenBucketOptions = {
  readonly perSecond: number
  readonly burst: number
  /** Names remembered at once; the one that was longest quiet is forgotten first. */
  readonly namesMax?: number
  /** Milliseconds that never go back. */
  readonly now?: () => number
}

const NAMES_MAX = 20_000

/**
 * A bucket of tokens for each name. `perSecond` 0 allows everything.
 *
 * @example const rate = createTokenBuckets({ perSecond: 10, burst: 20 }); if (!rate.take(address)) throw slowDown()
 */
export function createTokenBuckets({
  perSecond,
  burst,
  namesMax = NAMES_MAX,
  now = () => performance.now(),
}: TokenBucketOptions): TokenBuckets {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  if (perSecond <= 0) return { has: () => true, take: () => true, forceTake: () => undefined }
  const tokensOf = (name: string): number => {
    const bucket = buckets.get(name)
    if (bucket === undefined) return burst
    return Math.min(burst, bucket.tokens + ((now() - bucket.atMs) * perSecond) / 1000)
  }
  const keep = (name: string, tokens: number): void => {
    // Set anew, so that the Map's order is that of the last use.
    buckets.delete(name)
    const [quietest] = buckets.size >= namesMax ? buckets.keys() : []
    if (quietest !== undefined) buckets.delete(quietest)
    buckets.set(name, { tokens, atMs: now() })
  }
  return {
    has: (name) => tokensOf(name) >= 1,
    take: (name) => {
      const tokens = tokensOf(name)
      keep(name, tokens >= 1 ? tokens - 1 : tokens)
      return tokens >= 1
    },
    forceTake: (name) => keep(name, Math.max(-burst, tokensOf(name) - 1)),
  }
}
