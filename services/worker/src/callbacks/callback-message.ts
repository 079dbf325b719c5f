import { createHmac } from 'node:crypto'
import { callbackBody, jobViewOf, type ResultTag } from '@kinoprint/contract'
import { newRequestId } from '@kinoprint/core'
import { type Database, type Delivery, findKey, getJobHeads, readResults } from '@kinoprint/store'

export type MessageOptions = {
  readonly db: Database
  /** Decrypts API secrets; 32 bytes. */
  readonly encryptionKey: Buffer
  /** Setting RESULT_TAG. */
  readonly resultTag: ResultTag
  /** Setting CALLBACK_JSON_WRAPPER. */
  readonly jsonWrapper: boolean
}

/** A callback's content, the same for HTTP and for the message broker. */
export type CallbackMessage = {
  readonly text: string
  readonly body: Buffer
  readonly contentType: string
  readonly requestId: string
  readonly headers: Readonly<Record<string, string>>
}

const contentTypes = { XML: 'application/xml', JSON: 'application/json' } as const

/**
 * The message of a delivery. Null if its job was retried before the first attempt: no result exists until the job ends
 * again. The body of the first attempt is kept for later ones; each attempt signs it.
 */
export async function callbackMessage(
  { db, encryptionKey, resultTag, jsonWrapper }: MessageOptions,
  { jobId, format, body: sentBody }: Delivery,
): Promise<CallbackMessage | null> {
  const [job] = await getJobHeads(db, [jobId])
  if (job === undefined) return null
  const hasEnded = job.state === 'Success' || job.state === 'Failed'
  if (sentBody === null && !hasEnded) return null
  const result = sentBody === null ? (await readResults(db, [jobId])).get(jobId) : undefined
  const view = jobViewOf({ ...job, result: result ?? null })
  const text = sentBody ?? callbackBody(view, { format, resultTag, jsonWrapper }).body
  const body = Buffer.from(text)
  const { secretId } = job
  // A key still signs if it was revoked after the job was submitted.
  const key = secretId === null ? null : await findKey(db, { encryptionKey, secretId, includeRevoked: true })
  const requestId = newRequestId()
  const headers = {
    'x-ci-request-id': requestId,
    ...(key === null ? {} : { 'x-kinoprint-signature': signatureOf(body, key.secretKey) }),
  }
  return { text, body, contentType: contentTypes[format], requestId, headers }
}

/** HMAC-SHA256 of the body with the secret of the key that submitted the job: `sha256=` and 64 hexadecimal digits. */
function signatureOf(body: Buffer, secretKey: string): string {
  return `sha256=${createHmac('sha256', secretKey).update(body).digest('hex')}`
}
