/** Backoff for receivers that hang, separate for each tenant of a host. */
export type ReceiverBackoff = {
  /** An attempt timed out. The backoff doubles with every consecutive timeout. */
  recordTimeout(receiver: string): void
  /** The receiver responded, with any status, or refused the connection at once. */
  recordAnswer(receiver: string): void
  /** Receivers in backoff. */
  blocked(): string[]
  /** Whether the last attempt timed out. */
  isOnTrial(receiver: string): boolean
}

const MAX_BACKOFF_MS = 300_000
/** Maximum number of receivers to remember. The one that timed out longest ago is forgotten first. */
const MAX_RECEIVERS = 5_000

/** @example const backoff = createReceiverBackoff({ baseMs: 10_000 }) */
export function createReceiverBackoff({
  baseMs,
  now = () => performance.now(),
}: {
  /** Duration of the first backoff, in milliseconds. */
  readonly baseMs: number
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number
}): ReceiverBackoff {
  const receivers = new Map<string, { readonly timeouts: number; readonly untilMs: number }>()
  return {
    recordTimeout: (receiver) => {
      const known = receivers.get(receiver)
      // Concurrent attempts time out together and count once.
      if (known !== undefined && known.untilMs > now()) return
      const timeouts = (known?.timeouts ?? 0) + 1
      receivers.delete(receiver)
      const [oldest] = receivers.size >= MAX_RECEIVERS ? receivers.keys() : []
      if (oldest !== undefined) receivers.delete(oldest)
      const untilMs = now() + Math.min(baseMs * 2 ** (timeouts - 1), MAX_BACKOFF_MS)
      receivers.set(receiver, { timeouts, untilMs })
    },
    recordAnswer: (receiver) => {
      receivers.delete(receiver)
    },
    blocked: () => [...receivers].filter(([, { untilMs }]) => untilMs > now()).map(([receiver]) => receiver),
    isOnTrial: (receiver) => receivers.has(receiver),
  }
}
