import { type DueDelivery, receiverOf } from '@kinoprint/store'
import { STOPPED } from './attempt-delivery.ts'
import type { ReceiverBackoff } from './receiver-backoff.ts'

/** The running attempts, limited in total and per key, tenant and host. */
export type Attempts = {
  /** Number of attempts that may start now. */
  readonly free: () => number
  /** What gets no new attempt for now: keys, tenants and hosts that have their full share, and receivers in backoff. */
  readonly busy: () => Busy
  start(delivery: DueDelivery): void
  /** Waits up to `graceMs` for attempts to end, aborts the rest, and waits until their rows are written. */
  close(graceMs: number): Promise<void>
}

type Busy = { readonly receivers: string[]; readonly keys: string[]; readonly tenants: string[] }

export type AttemptsOptions = {
  /** Performs one attempt; never rejects. */
  readonly run: (delivery: DueDelivery, signal: AbortSignal) => Promise<void>
  readonly timeoutMs: number
  readonly backoff: ReceiverBackoff
  /** Called after each attempt. */
  readonly onEnd: () => void
}

type Running = Pick<DueDelivery, 'tenant'> & {
  readonly receiver: string
  readonly stop: AbortController
  readonly done: Promise<void>
}

const MAX_ATTEMPTS = 64
/** Per key, which may use many buckets. */
const MAX_PER_KEY = 32
/** Per tenant (a key in a bucket): one tenant's hanging receivers must not delay another's callbacks. */
const MAX_PER_TENANT = 16
/** Per host, for one tenant. */
const MAX_PER_RECEIVER = 4
/** Per host whose last attempt timed out. */
const MAX_ON_TRIAL = 1

/**
 * Shares attempts among keys, tenants and hosts. Each share is also limited to the number of free attempts, so that
 * none of them takes all remaining attempts.
 */
export function createAttempts({ run, timeoutMs, backoff, onEnd }: AttemptsOptions): Attempts {
  const running = new Set<Running>()
  const timeout = new Error(`The receiver did not answer within ${timeoutMs / 1000} s.`)
  const free = (): number => MAX_ATTEMPTS - running.size

  const start = (delivery: DueDelivery): void => {
    const { tenant } = delivery
    const receiver = receiverOf(delivery)
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(timeout), timeoutMs)
    const done = run(delivery, stop.signal).finally(() => {
      clearTimeout(timer)
      running.delete(attempt)
      if (stop.signal.reason === timeout) backoff.recordTimeout(receiver)
      else if (!stop.signal.aborted) backoff.recordAnswer(receiver)
      onEnd()
    })
    const attempt: Running = { tenant, receiver, stop, done }
    running.add(attempt)
  }

  const busy = (): Busy => {
    const receivers = countByName([...running].map(({ receiver }) => receiver))
    const keys = countByName([...running].map(({ tenant }) => tenant.split(' ')[0] ?? ''))
    const tenants = countByName([...running].map(({ tenant }) => tenant))
    const maxFor = (receiver: string): number =>
      backoff.isOnTrial(receiver) ? MAX_ON_TRIAL : MAX_PER_RECEIVER
    return {
      receivers: [
        ...backoff.blocked(),
        ...namesAtLimit(receivers, (receiver) => Math.min(maxFor(receiver), free())),
      ],
      keys: namesAtLimit(keys, () => Math.min(MAX_PER_KEY, free())),
      tenants: namesAtLimit(tenants, () => Math.min(MAX_PER_TENANT, free())),
    }
  }

  return {
    free,
    busy,
    start,
    close: async (graceMs) => {
      const timer = setTimeout(() => {
        for (const { stop } of running) stop.abort(STOPPED)
      }, graceMs)
      await Promise.all([...running].map(({ done }) => done))
      clearTimeout(timer)
    },
  }
}

function countByName(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function namesAtLimit(counts: ReadonlyMap<string, number>, limitOf: (name: string) => number): string[] {
  return [...counts].filter(([name, count]) => count >= limitOf(name)).map(([name]) => name)
}
