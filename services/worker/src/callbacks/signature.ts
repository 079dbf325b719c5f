import { createHmac } from 'node:crypto'

/**
 * What `x-kinoprint-signature` says: HMAC-SHA256 of the body with the secret of the key that asked for the job.
 *
 * @example signatureOf(Buffer.from('{}'), 'secret') // 'sha256=…', 64 hexadecimal digits
 */
export const signatureOf = (body: Buffer, secretKey: string): string =>
  `sha256=${createHmac('sha256', secretKey).update(body).digest('hex')}`
