import { createHash, createHmac } from 'node:crypto'

export type CallbackToSign = {
  readonly body: Buffer
  /** Stays the same for every attempt at a delivery; see webhookIdOf. */
  readonly webhookId: string
  /** Time of the attempt. */
  readonly at: Date
  /** The secret of the API key that signs it; null for none. */
  readonly secretKey: string | null
  /** Setting CALLBACK_SECRETS. */
  readonly callbackSecrets: readonly Buffer[]
}

/**
 * The headers that identify and sign a callback: those of Standard Webhooks, and `x-kinoprint-signature`, which covers
 * the body alone. Every secret adds a signature to `webhook-signature`, so that a receiver needs only one of them and
 * secrets can be rotated. Without any secret there is no signature.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function callbackHeaders({
  body,
  webhookId,
  at,
  secretKey,
  callbackSecrets,
}: CallbackToSign): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const secrets = [...callbackSecrets, ...(secretKey === null ? [] : [Buffer.from(secretKey)])]
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', secret).update(`${webhookId}.${timestamp}.`).update(body)
    return `v1,${hmac.digest('base64')}`
  })
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
    ...(secretKey === null ? {} : { 'x-kinoprint-signature': bodySignature(body, secretKey) }),
  }
}

/** HMAC-SHA256 of a callback's body with the secret of a key: `sha256=` and 64 hexadecimal digits. */
function bodySignature(body: Buffer, secretKey: string): string {
  return `sha256=${createHmac('sha256', secretKey).update(body).digest('hex')}`
}

/**
 * The `webhook-id` of a delivery. The creation time distinguishes it from deliveries that had the same number before
 * the database was restored from a backup.
 */
export function webhookIdOf({
  deliveryId,
  createdAt,
}: {
  readonly deliveryId: number
  readonly createdAt: Date
}): string {
  const digest = createHash('sha256').update(`${deliveryId} ${createdAt.toISOString()}`).digest('hex')
  return `msg_${digest.slice(0, 32)}`
}
