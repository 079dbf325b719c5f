import type { DueDelivery } from '@kinoprint/store'
import { STOPPED } from './attempt-delivery.ts'

/** The attempts that are under way. */
export type Attempts = {
  readonly size: () => number
  /** Addresses that at least so many of them are under way to. */
  urlsWith(count: number): string[]
  start(delivery: DueDelivery): void
  /** Lets them end for so long, breaks off the rest, and waits for their rows. */
  close(graceMs: number): Promise<void>
}

export type AttemptsOptions = {
  /** One attempt; never rejects. */
  readonly run: (delivery: DueDelivery, signal: AbortSignal) => Promise<void>
  readonly timeoutMs: number
  /** Called after each. */
  readonly onEnd: () => void
}

type Running = { readonly url: string | null; readonly stop: AbortController; readonly done: Promise<void> }

export const createAttempts = ({ run, timeoutMs, onEnd }: AttemptsOptions): Attempts => {
  const running = new Set<Running>()
  const late = new Error(`There was no answer within ${timeoutMs / 1000} s.`)

  const start = (delivery: DueDelivery): void => {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(late), timeoutMs)
    const done = run(delivery, stop.signal).finally(() => {
      clearTimeout(timer)
      running.delete(attempt)
      onEnd()
    })
    const attempt: Running = { url: delivery.url, stop, done }
    running.add(attempt)
  }

  return {
    size: () => running.size,
    urlsWith: (count) => {
      const perUrl = new Map<string, number>()
      for (const { url } of running) if (url !== null) perUrl.set(url, (perUrl.get(url) ?? 0) + 1)
      return [...perUrl].filter(([, attempts]) => attempts >= count).map(([url]) => url)
    },
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
