import { type Wrong, wrong } from './setting-values.ts'

const PREFIX = 'whsec_'
/** Limits of Standard Webhooks. */
const MIN_BYTES = 24
const MAX_BYTES = 64
/** Two are enough to rotate. Each adds a signature to every callback. */
const MAX_SECRETS = 4

/**
 * Parses CALLBACK_SECRETS: secrets of Standard Webhooks, `whsec_` and 24 to 64 bytes as base64, separated by commas or
 * spaces. The message never repeats a secret.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function parseCallbackSecrets(text: string): readonly Buffer[] | Wrong {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  if (entries.length === 0 || entries.length > MAX_SECRETS)
    return wrong(`must list 1 to ${MAX_SECRETS} secrets, separated by commas`)
  const secrets = entries.map(secretOf)
  const valid = secrets.filter((secret) => secret !== null)
  return valid.length === secrets.length
    ? valid
    : wrong(
        `must consist of ${PREFIX} and ${MIN_BYTES} to ${MAX_BYTES} bytes as base64. Make one with: echo "${PREFIX}$(openssl rand -base64 32)"`,
      )
}

function secretOf(entry: string): Buffer | null {
  const base64 = entry.startsWith(PREFIX) ? entry.slice(PREFIX.length) : ''
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null
  const secret = Buffer.from(base64, 'base64')
  return secret.length >= MIN_BYTES && secret.length <= MAX_BYTES ? secret : null
}
