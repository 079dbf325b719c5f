import { X509Certificate } from 'node:crypto'
import { type Wrong, wrong } from './setting-values.ts'

export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** How brokers are connected to. */
export type KafkaSecurity = {
  /** Null without TLS. `ca`: PEM certificates that brokers are checked against; null for those that Node.js trusts. */
  readonly tls: { readonly ca: string | null } | null
  /** Null without SASL. */
  readonly login: {
    readonly mechanism: (typeof saslMechanisms)[number]
    readonly username: string
    readonly password: string
  } | null
}

/** Checks the PEM certificates of KAFKA_CA. */
export function parseCertificates(text: string): string | Wrong {
  try {
    new X509Certificate(text)
    return text
  } catch {
    return wrong('must be PEM certificates, which begin with -----BEGIN CERTIFICATE-----')
  }
}

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
