import { callbackBody, jobViewOf, type ResultTag } from '@kinoprint/contract'
import { newRequestId } from '@kinoprint/core'
import { type Database, type Delivery, findKey, getJobHeads, readResults } from '@kinoprint/store'
import { signatureOf } from './signature.ts'

export type MessageOptions = {
  readonly db: Database
  /** Opens the secrets of the API keys; 32 bytes. */
  readonly encryptionKey: Buffer
  /** Setting RESULT_TAG. */
  readonly resultTag: ResultTag
  /** Setting CALLBACK_JSON_WRAPPER. */
  readonly jsonWrapper: boolean
}

/** What is sent, whichever way it goes. */
export type CallbackMessage = {
  readonly text: string
  readonly body: Buffer
  readonly contentType: string
  readonly requestId: string
  readonly headers: Readonly<Record<string, string>>
}

const contentTypes = { XML: 'application/xml', JSON: 'application/json' } as const

/**
 * The message of a delivery, null where its job has been started anew since: then there is no end to report until
 * it ends again. The body is written at the first attempt and stays; the signature is made each time.
 */
export const callbackMessage = async (
  { db, encryptionKey, resultTag, jsonWrapper }: MessageOptions,
  { jobId, format, body: sent }: Delivery,
): Promise<CallbackMessage | null> => {
  const [job] = await getJobHeads(db, [jobId])
  if (job === undefined) return null
  const ended = job.state === 'Success' || job.state === 'Failed'
  if (sent === null && !ended) return null
  const result = sent === null ? (await readResults(db, [jobId])).get(jobId) : undefined
  const view = jobViewOf({ ...job, result: result ?? null })
  const text = sent ?? callbackBody(view, { format, resultTag, jsonWrapper }).body
  const body = Buffer.from(text)
  const { secretId } = job
  // A key that was revoked meanwhile has asked for this all the same.
  const key = secretId === null ? null : await findKey(db, { encryptionKey, secretId, includeRevoked: true })
  const requestId = newRequestId()
  const headers = {
    'x-ci-request-id': requestId,
    ...(key === null ? {} : { 'x-kinoprint-signature': signatureOf(body, key.secretKey) }),
  }
  return { text, body, contentType: contentTypes[format], requestId, headers }
}
