import { type Wrong, wrong } from './setting-values.ts'

/** Parses the comma-separated list of KAFKA_BROKERS. */
export function parseKafkaBrokers(text: string): readonly string[] | Wrong {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const invalid = entries.find((entry) => !isHostAndPort(entry))
  if (entries.length > 0 && invalid === undefined) return entries
  return wrong(`must be a comma-separated list of host:port, such as kafka-1:9092, not "${invalid ?? text}"`)
}

function isHostAndPort(entry: string): boolean {
  const port = /^[\w.-]+:(\d{1,5})$/.exec(entry)?.[1]
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535
}
