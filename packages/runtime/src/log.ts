import { type Log, logFields } from '@kinoprint/core'
import { type DestinationStream, destination, pino, stdSerializers } from 'pino'
import type { Settings } from './settings.ts'

/** Names of fields that hold secrets, at the top level of the fields or up to two levels below. */
const SECRET_NAMES = [
  'authorization',
  'Authorization',
  'cookie',
  'secretKey',
  'adminToken',
  'encryptionKey',
  'token',
  'password',
  'secretAccessKey',
  'databaseUrl',
  'redisUrl',
  'amqpUrl',
  '["x-cos-security-token"]',
  '["x-ci-security-token"]',
] as const
const HIDDEN = '[hidden]'

const redactPaths = SECRET_NAMES.flatMap((name) => {
  const below = name.startsWith('[') ? name : `.${name}`
  return [name, `*${below}`, `*.*${below}`]
})

/**
 * A log that writes JSON lines to standard error; standard output is for the results of commands. Secrets in fields,
 * passwords in addresses and signatures in query strings are replaced by `[hidden]`. Lines that a request or a job writes
 * have its id.
 *
 * @example const log = createLog(settings.logLevel)
 */
export function createLog(
  level: Settings['logLevel'],
  { to = destination({ dest: 2, sync: true }) }: { readonly to?: DestinationStream } = {},
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
      redact: { paths: redactPaths, censor: HIDDEN },
      mixin: () => ({ ...logFields() }),
      hooks: { streamWrite: scrub },
    },
    to,
  )
}

/** Hides passwords and signatures inside messages, which no redaction path covers. */
function scrub(line: string): string {
  return line
    .replace(/(:\/\/[^:@/\s"]*):[^@/\s"]+@/g, `$1:${HIDDEN}@`)
    .replace(/(q-signature(?:=|%3D)|Bearer )[^&\s"\\]+/gi, `$1${HIDDEN}`)
}
