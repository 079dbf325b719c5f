type Lanes = {
  /** Works that run at the same time. */
  readonly lanes: number
  /** Ends what still runs after one has failed; waited for. */
  readonly stop: () => void
}

/**
 * Runs works side by side, in their order: one may begin while at most as many of those before it as there are lanes
 * have not ended. Throws what the first one that fails throws, when all have ended.
 */
export const inLanes = async <T>(
  works: readonly (() => Promise<T>)[],
  { lanes, stop }: Lanes,
): Promise<T[]> => {
  const begun: Promise<T>[] = []
  const running = new Set<Promise<T>>()
  try {
    for (const [n, work] of works.entries()) {
      while (running.size >= lanes) await Promise.race(running)
      await Promise.all(begun.slice(0, Math.max(0, n - lanes)))
      const ended = work()
      begun.push(ended)
      running.add(ended)
      const leave = (): void => void running.delete(ended)
      ended.then(leave, leave)
    }
    return await Promise.all(begun)
  } catch (error) {
    stop()
    await Promise.allSettled(begun)
    throw error
  }
}
