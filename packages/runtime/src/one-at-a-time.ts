/**
 * Runs `ask` once at a time, however many call: whoever calls while it runs shares the next run with all others, and
 * gets an answer that was begun after the call. What strangers may ask for then costs no more for many than for one.
 *
 * @example const render = oneAtATime(() => registry.metrics())
 */
export const oneAtATime = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const run = (): Promise<T> => {
    next = undefined
    const asked: Promise<T> = ask().finally(() => {
      if (running === asked) running = undefined
    })
    running = asked
    return asked
  }
  return () => {
    if (running === undefined) return run()
    next ??= running.then(run, run)
    return next
  }
}
