export type LeaseKeeper = {
  /** Aborted when the lease is lost. */
  readonly lost: AbortSignal
  stop(): void
}

type LeaseOptions = {
  readonly everyMs: number
  /** Returns whether the lease is still held. */
  readonly renew: () => Promise<boolean>
  /** Receives why a renewal failed, which loses nothing until the lease ends. Default: ignored. */
  readonly onError?: (error: unknown) => void
}

/** Renews a lease until stopped. */
export function keepLease({ everyMs, renew, onError }: LeaseOptions): LeaseKeeper {
  const lost = new AbortController()
  const timer = setInterval(() => {
    renew().then(
      (isHeld) => {
        if (!isHeld) lost.abort()
      },
      onError ?? (() => undefined),
    )
  }, everyMs)
  return { lost: lost.signal, stop: () => clearInterval(timer) }
}
