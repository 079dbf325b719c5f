/** Which hosts are left alone because they hang, each for the tenant whose callbacks hung. */
export type HostRests = {
  /** An attempt timed out: the host rests, twice as long each time in a row. */
  hung(host: string): void
  /** It answered, whatever it answered, or refused the connection at once. */
  answered(host: string): void
  /** Hosts to leave alone for now. */
  resting(): string[]
  /** Whether it hung the last time. */
  isOnTrial(host: string): boolean
}

const REST_MAX_MS = 300_000
/** Hosts remembered at once; the one that hung longest ago is forgotten first. */
const HOSTS_MAX = 5_000

/** @example const rests = createHostRests({ baseMs: 10_000 }) */
export const createHostRests = ({
  baseMs,
  now = () => performance.now(),
}: {
  /** The first rest, in milliseconds. */
  readonly baseMs: number
  /** Milliseconds that never go back. */
  readonly now?: () => number
}): HostRests => {
  const hosts = new Map<string, { readonly times: number; readonly untilMs: number }>()
  return {
    hung: (host) => {
      const known = hosts.get(host)
      // Attempts that ran side by side time out together: they count once.
      if (known !== undefined && known.untilMs > now()) return
      const times = (known?.times ?? 0) + 1
      hosts.delete(host)
      const [oldest] = hosts.size >= HOSTS_MAX ? hosts.keys() : []
      if (oldest !== undefined) hosts.delete(oldest)
      hosts.set(host, { times, untilMs: now() + Math.min(baseMs * 2 ** (times - 1), REST_MAX_MS) })
    },
    answered: (host) => {
      hosts.delete(host)
    },
    resting: () => [...hosts].filter(([, { untilMs }]) => untilMs > now()).map(([host]) => host),
    isOnTrial: (host) => hosts.has(host),
  }
}
