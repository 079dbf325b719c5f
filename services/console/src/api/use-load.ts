import { batch, type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { useCallback, useRef } from 'preact/hooks'
import { returns } from './connection.ts'
import type { ApiFault } from './fault.ts'
import { sessionExpired } from './session.ts'

export type Loaded<T> = {
  /** The last content; kept while newer content loads. Undefined before the first. */
  readonly data: T | undefined
  readonly fault: ApiFault | undefined
  readonly isLoading: boolean
  /** Loads again, e.g. after a change. */
  readonly reload: () => void
}

/**
 * Loads what a part of the page shows, again whenever a signal that `load` reads before its first `await` changes, or
 * `key` does. Answers that arrive after a newer request are dropped.
 */
export function useLoad<T>(load: () => Promise<T>, key = ''): ReadonlySignal<Loaded<T>> {
  const data = useSignal<T | undefined>(undefined)
  const fault = useSignal<ApiFault | undefined>(undefined)
  const isLoading = useSignal(true)
  const round = useSignal(0)
  /** What the content and the fault are of. */
  const settledKey = useSignal<string | undefined>(undefined)
  const currentKey = useSignal(key)
  currentKey.value = key
  const newest = useRef(0)
  const latest = useRef(load)
  latest.current = load
  const reload = useCallback(() => {
    round.value += 1
  }, [round])
  useSignalEffect(() => {
    round.value
    const asked = currentKey.value
    // A new session loads what the expired one could not, and a new connection what a broken one could not.
    sessionExpired.value
    returns.value
    const number = ++newest.current
    isLoading.value = true
    latest.current().then(
      (answer) => {
        if (number !== newest.current) return
        batch(() => {
          data.value = answer
          fault.value = undefined
          isLoading.value = false
          settledKey.value = asked
        })
      },
      (thrown: ApiFault) => {
        if (number !== newest.current) return
        batch(() => {
          fault.value = thrown
          isLoading.value = false
          settledKey.value = asked
        })
      },
    )
  })
  return useComputed(() => ({
    data: data.value,
    fault: fault.value,
    // The request for another key starts only after the page has been drawn with it.
    isLoading: isLoading.value || settledKey.value !== currentKey.value,
    reload,
  }))
}
