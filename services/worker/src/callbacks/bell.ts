/** Wakes one sleeper; rung while nobody sleeps, it spares the next one the sleep. */
export type Bell = {
  ring(): void
  /** Until it rings, but no longer than this. */
  sleep(ms: number): Promise<void>
}

export const createBell = (): Bell => {
  let rung = false
  let wake: (() => void) | null = null
  return {
    ring: () => {
      rung = true
      wake?.()
    },
    sleep: async (ms) => {
      if (!rung) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, ms)
        })
        clearTimeout(timer)
        wake = null
      }
      rung = false
    },
  }
}
