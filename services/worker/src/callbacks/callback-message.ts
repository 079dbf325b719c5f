import { callbackBody, jobViewOf, type ResultTag } from '@kinoprint/contract'
import { newRequestId } from '@kinoprint/core'
import { callbackSignature } from '@kinoprint/runtime'
import {
  type Database,
  type Delivery,
  findKey,
  getJobHeads,
  readMatchMessage,
  readResults,
} from '@kinoprint/store'

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
  options: MessageOptions,
  { jobId, matchEventId, format, body: sentBody }: Delivery,
): Promise<CallbackMessage | null> {
  if (jobId === null) return matchMessage(options, { matchEventId: matchEventId ?? 0, sentBody })
  const { db, resultTag, jsonWrapper } = options
  const [job] = await getJobHeads(db, [jobId])
  if (job === undefined) return null
  const hasEnded = job.state === 'Success' || job.state === 'Failed'
  if (sentBody === null && !hasEnded) return null
  const result = sentBody === null ? (await readResults(db, [jobId])).get(jobId) : undefined
  const view = jobViewOf({ ...job, result: result ?? null })
  const text = sentBody ?? callbackBody(view, { format, resultTag, jsonWrapper }).body
  return signedMessage(options, { text, format, secretId: job.secretId })
}

type MatchCallback = { readonly matchEventId: number; readonly sentBody: string | null }

/** The message about an event of a match. Null if the match is gone. */
async function matchMessage(
  options: MessageOptions,
  { matchEventId, sentBody }: MatchCallback,
): Promise<CallbackMessage | null> {
  const event = await readMatchMessage(options.db, matchEventId)
  if (event === null) return null
  const text = sentBody ?? JSON.stringify(event.message)
  return signedMessage(options, { text, format: 'JSON', secretId: event.secretId })
}

type Signing = {
  readonly text: string
  readonly format: Delivery['format']
  /** The key that signs it; null for none. */
  readonly secretId: string | null
}

async function signedMessage(
  { db, encryptionKey }: MessageOptions,
  { text, format, secretId }: Signing,
): Promise<CallbackMessage> {
  const body = Buffer.from(text)
  // A key still signs if it was revoked after the job was submitted.
  const key = secretId === null ? null : await findKey(db, { encryptionKey, secretId, includeRevoked: true })
  const requestId = newRequestId()
  const headers = {
    'x-ci-request-id': requestId,
    ...(key === null ? {} : { 'x-kinoprint-signature': callbackSignature(body, key.secretKey) }),
  }
  return { text, body, contentType: contentTypes[format], requestId, headers }
}
