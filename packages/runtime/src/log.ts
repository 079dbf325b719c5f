import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino'
import type { Settings } from './settings.ts'

export type Log = Logger

/** Names under which a secret may stand in what is logged, at the top or one or two levels down. */
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

/** Passwords in addresses and signatures in query strings turn up inside messages, where no path leads. */
const scrub = (line: string): string =>
  line
    .replace(/(:\/\/[^:@/\s"]*):[^@/\s"]+@/g, `$1:${HIDDEN}@`)
    .replace(/(q-signature(?:=|%3D)|Bearer )[^&\s"\\]+/gi, `$1${HIDDEN}`)

/**
 * JSON lines on standard error: standard output belongs to what a command answers.
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
      hooks: { streamWrite: scrub },
    },
    to,
  )
}
