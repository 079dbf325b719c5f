import { callbackBody, jobViewOf, type ResultTag } from '@kinoprint/contract'
import { newRequestId } from '@kinoprint/core'
import { callbackHeaders, webhookIdOf } from '@kinoprint/runtime'
import {
  type Database,
  type Delivery,
  findKey,
  getJobHeads,
  readLibraryMessage,
  readMatchMessage,
  readResults,
} from '@kinoprint/store'

export type MessageOptions = {
  readonly db: Database
  /** Decrypts API secrets; 32 bytes. */
  readonly encryptionKey: Buffer
  /** Setting CALLBACK_SECRETS. */
  readonly callbackSecrets: readonly Buffer[]
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
 * again. The body of the first attempt is kept for later ones; each attempt signs it with its own time.
 */
export async function callbackMessage(
  options: MessageOptions,
  delivery: Delivery,
): Promise<CallbackMessage | null> {
  const { jobId, format, body: sentBody } = delivery
  if (jobId === null) return eventMessage(options, delivery)
  const { db, resultTag, jsonWrapper } = options
  const [job] = await getJobHeads(db, [jobId])
  if (job === undefined) return null
  const hasEnded = job.state === 'Success' || job.state === 'Failed'
  if (sentBody === null && !hasEnded) return null
  const result = sentBody === null ? (await readResults(db, [jobId])).get(jobId) : undefined
  const view = jobViewOf({ ...job, result: result ?? null })
  const text = sentBody ?? callbackBody(view, { format, resultTag, jsonWrapper }).body
  return signedMessage(options, delivery, { text, format, secretId: job.secretId })
}

/** The message about an event of a match or of a library. Null if that is gone. */
async function eventMessage(options: MessageOptions, delivery: Delivery): Promise<CallbackMessage | null> {
  const { matchEventId, libraryEventId } = delivery
  const event =
    matchEventId === null
      ? await readLibraryMessage(options.db, libraryEventId ?? 0)
      : await readMatchMessage(options.db, matchEventId)
  if (event === null) return null
  const text = delivery.body ?? JSON.stringify(event.message)
  return signedMessage(options, delivery, { text, format: 'JSON', secretId: event.secretId })
}

type Signing = {
  readonly text: string
  readonly format: Delivery['format']
  /** The key that signs it; null for none. */
  readonly secretId: string | null
}

async function signedMessage(
  { db, encryptionKey, callbackSecrets }: MessageOptions,
  delivery: Delivery,
  { text, format, secretId }: Signing,
): Promise<CallbackMessage> {
  const body = Buffer.from(text)
  // A key still signs if it was revoked after the job was submitted.
  const key = secretId === null ? null : await findKey(db, { encryptionKey, secretId, includeRevoked: true })
  const requestId = newRequestId()
  const headers = {
    'x-ci-request-id': requestId,
    ...callbackHeaders({
      ...{ body, callbackSecrets, at: new Date() },
      webhookId: webhookIdOf(delivery),
      secretKey: key?.secretKey ?? null,
    }),
  }
  return { text, body, contentType: contentTypes[format], requestId, headers }
}
