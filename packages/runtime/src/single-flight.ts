/**
 * Runs `load` at most once at a time. Callers that arrive during a run share the next one, so each gets a result that
 * is newer than its call. Requests of many clients then cost as much as those of one.
 *
 * @example const render = singleFlight(() => registry.metrics())
 */
export function singleFlight<T>(load: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const run = (): Promise<T> => {
    next = undefined
    const loading: Promise<T> = load().finally(() => {
      if (running === loading) running = undefined
    })
    running = loading
    return loading
  }
  return () => {
    if (running === undefined) return run()
    next ??= running.then(run, run)
    return next
  }
}
