/** Runs `work` over all items, `atOnce` side by side. The first failure ends it, after what runs has ended. */
export const eachOf = async <T>(
  items: readonly T[],
  { atOnce }: { atOnce: number },
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const rest = items.values()
  let failed = false
  const lane = async (): Promise<void> => {
    for (const item of rest) {
      if (failed) return
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
}
