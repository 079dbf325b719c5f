import { type DueDelivery, receiverOf } from '@kinoprint/store'
import { STOPPED } from './attempt-delivery.ts'
import type { HostRests } from './host-rests.ts'

/** The attempts that are under way. */
export type Attempts = {
  /** How many more may begin. */
  readonly free: () => number
  /** What has its share for now, and receivers that are left alone for a while. */
  readonly busy: () => Busy
  start(delivery: DueDelivery): void
  /** Lets them end for so long, breaks off the rest, and waits for their rows. */
  close(graceMs: number): Promise<void>
}

type Busy = { readonly receivers: string[]; readonly keys: string[]; readonly tenants: string[] }

export type AttemptsOptions = {
  /** One attempt; never rejects. */
  readonly run: (delivery: DueDelivery, signal: AbortSignal) => Promise<void>
  readonly timeoutMs: number
  readonly rests: HostRests
  /** Called after each. */
  readonly onEnd: () => void
}

type Running = Pick<DueDelivery, 'tenant'> & {
  readonly receiver: string
  readonly stop: AbortController
  readonly done: Promise<void>
}

const AT_ONCE = 64
/** Of those, of one key, which may use many buckets. */
const AT_ONCE_PER_KEY = 32
/** Of one key in one bucket: however many receivers of its own hang, those of others are served. */
const AT_ONCE_PER_TENANT = 16
/** To one host, of one tenant. */
const AT_ONCE_PER_RECEIVER = 4
/** To one that hung the last time. */
const AT_ONCE_ON_TRIAL = 1

/** Attempts shared out by tenant and its hosts: each may have fewer than are free, too, so that none ever takes the rest. */
export const createAttempts = ({ run, timeoutMs, rests, onEnd }: AttemptsOptions): Attempts => {
  const running = new Set<Running>()
  const late = new Error(`There was no answer within ${timeoutMs / 1000} s.`)
  const free = (): number => AT_ONCE - running.size

  const start = (delivery: DueDelivery): void => {
    const { tenant } = delivery
    const receiver = receiverOf(delivery)
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(late), timeoutMs)
    const done = run(delivery, stop.signal).finally(() => {
      clearTimeout(timer)
      running.delete(attempt)
      if (stop.signal.reason === late) rests.hung(receiver)
      else if (!stop.signal.aborted) rests.answered(receiver)
      onEnd()
    })
    const attempt: Running = { tenant, receiver, stop, done }
    running.add(attempt)
  }

  const busy = (): Busy => {
    const receivers = tally([...running].map(({ receiver }) => receiver))
    const keys = tally([...running].map(({ tenant }) => tenant.split(' ')[0] ?? ''))
    const tenants = tally([...running].map(({ tenant }) => tenant))
    const most = (name: string): number => (rests.isOnTrial(name) ? AT_ONCE_ON_TRIAL : AT_ONCE_PER_RECEIVER)
    return {
      receivers: [...rests.resting(), ...above(receivers, (name) => Math.min(most(name), free()))],
      keys: above(keys, () => Math.min(AT_ONCE_PER_KEY, free())),
      tenants: above(tenants, () => Math.min(AT_ONCE_PER_TENANT, free())),
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

const tally = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

const above = (counts: ReadonlyMap<string, number>, share: (name: string) => number): string[] =>
  [...counts].filter(([name, count]) => count >= share(name)).map(([name]) => name)
