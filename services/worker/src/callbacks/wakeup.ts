/** Wakes a loop from its pause. A wakeup between pauses skips the next pause. */
export type Wakeup = {
  wake(): void
  /** Pauses until woken, for at most `ms`. */
  pause(ms: number): Promise<void>
}

export function createWakeup(): Wakeup {
  let isAwake = false
  let endPause: (() => void) | null = null
  return {
    wake: () => {
      isAwake = true
      endPause?.()
    },
    pause: async (ms) => {
      if (!isAwake) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          endPause = resolve
          timer = setTimeout(resolve, ms)
        })
        clearTimeout(timer)
        endPause = null
      }
      isAwake = false
    },
  }
}
