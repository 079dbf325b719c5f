type Lanes = {
  /** Works that run at the same time. */
  readonly lanes: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs works side by side, in their order: one may begin while at most as many of those before it as there are lanes
 * have not ended. Each is given a signal that tells it to stop, from outside or because another has failed. Throws what
 * the first one that fails throws, when all have ended.
 */
export const inLanes = async <T>(
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
  { lanes, signal }: Lanes,
): Promise<T[]> => {
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const begun: Promise<T>[] = []
  const running = new Set<Promise<T>>()
  try {
    for (const [n, work] of works.entries()) {
      while (running.size >= lanes) await Promise.race(running)
      await Promise.all(begun.slice(0, Math.max(0, n - lanes)))
      const ended = work(stop)
      begun.push(ended)
      running.add(ended)
      const leave = (): void => void running.delete(ended)
      ended.then(leave, leave)
    }
    return await Promise.all(begun)
  } catch (error) {
    failed.abort()
    await Promise.allSettled(begun)
    throw error
  }
}
