/** Token buckets per client: each allows `burst` actions at once, then `perSecond` more per second. */
export type TokenBuckets = {
  /** Whether a token is left. Takes none. */
  has(client: string): boolean
  /** Takes a token; false if none is left. */
  take(client: string): boolean
  /** Takes a token even if none is left. Concurrent calls can leave a debt of up to `burst` tokens. */
  forceTake(client: string): void
}

export type TokenBucketOptions = {
  /** Tokens added per second. 0 disables the limit. */
  readonly perSecond: number
  /** Capacity of a bucket, which starts full. */
  readonly burst: number
  /** Maximum number of clients to remember. The longest idle one is forgotten first. */
  readonly maxClients?: number
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number
}

const MAX_CLIENTS = 20_000

/**
 * Creates a token bucket for each client.
 *
 * @example const rate = createTokenBuckets({ perSecond: 10, burst: 20 }); if (!rate.take(address)) throw slowDown()
 */
export function createTokenBuckets({
  perSecond,
  burst,
  maxClients = MAX_CLIENTS,
  now = () => performance.now(),
}: TokenBucketOptions): TokenBuckets {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  if (perSecond <= 0) return { has: () => true, take: () => true, forceTake: () => undefined }
  const tokensOf = (client: string): number => {
    const bucket = buckets.get(client)
    if (bucket === undefined) return burst
    return Math.min(burst, bucket.tokens + ((now() - bucket.atMs) * perSecond) / 1000)
  }
  const store = (client: string, tokens: number): void => {
    // Deleted first, so that the Map is ordered by last use.
    buckets.delete(client)
    const [idlest] = buckets.size >= maxClients ? buckets.keys() : []
    if (idlest !== undefined) buckets.delete(idlest)
    buckets.set(client, { tokens, atMs: now() })
  }
  return {
    has: (client) => tokensOf(client) >= 1,
    take: (client) => {
      const tokens = tokensOf(client)
      store(client, tokens >= 1 ? tokens - 1 : tokens)
      return tokens >= 1
    },
    forceTake: (client) => store(client, Math.max(-burst, tokensOf(client) - 1)),
  }
}
