/** How long each time is, and the steps of its bars, in seconds. */
const ranges = {
  '1h': { seconds: 3600, step: 120 },
  '24h': { seconds: 86_400, step: 1800 },
  '7d': { seconds: 604_800, step: 14_400 },
  '30d': { seconds: 2_592_000, step: 86_400 },
} as const

export type Range = keyof typeof ranges
export const rangeNames = Object.keys(ranges) as Range[]

export function rangeOf(name: string | undefined): Range {
  return rangeNames.find((one) => one === name) ?? '24h'
}

/** Steps begin at full half hours or days of the reader, so the last one is not over. */
export function seriesOf(range: Range, now: Date): { from: string; to: string; step: number } {
  const { seconds, step } = ranges[range]
  const offset = now.getTimezoneOffset() * 60
  const lastStep = Math.floor((now.getTime() / 1000 - offset) / step) * step + offset
  const from = new Date((lastStep + step - seconds) * 1000)
  return { from: from.toISOString(), to: now.toISOString(), step }
}

/** The time of the same length before it, in steps as long as the server allows. */
export function seriesBefore(range: Range, now: Date): { from: string; to: string; step: number } {
  const { seconds } = ranges[range]
  const { from, to } = seriesOf(range, now)
  const earlier = (iso: string) => new Date(Date.parse(iso) - seconds * 1000).toISOString()
  return { from: earlier(from), to: earlier(to), step: Math.min(86_400, seconds) }
}
