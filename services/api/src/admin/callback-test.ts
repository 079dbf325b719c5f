import { randomBytes } from 'node:crypto'
import { callbackBody } from '@kinoprint/contract'
import { errorText, Fault, newRequestId } from '@kinoprint/core'
import { type CallbackResult, callbackHeaders, createAllowList, postCallback } from '@kinoprint/runtime'
import * as store from '@kinoprint/store'
import { requireAllowedCallback } from '../callback-rules.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

/** The limit of a worker's attempt. */
const TIMEOUT_MS = 10_000
/** No job has this id, so that a receiver can tell a test. */
const TEST_ID = '0'.repeat(32)

type Context = Pick<AdminContext, 'db' | 'secrets'> & {
  readonly settings: Pick<
    AdminContext['settings'],
    'callbackAllow' | 'callbackSecrets' | 'resultTag' | 'callbackJsonWrapper'
  >
}

/** Sends one callback as workers do: to allowed addresses only, and signed by the key that is named. */
export async function testCallback(
  { db, secrets, settings }: Context,
  { params: { queueId }, body }: JsonRequest<'testCallback'>,
): Answer<'testCallback'> {
  const queue = await store.getQueue(db, queueId)
  if (queue === null) throw new Fault('NotFound', `Queue ${queueId} does not exist.`)
  const url = body.url ?? (queue.notify.type === 'Url' ? queue.notify.url : '')
  if (url === '') throw new Fault('InvalidArgument', 'The queue has no HTTP address. Give one as url.')
  requireAllowedCallback(settings, url)
  const { encryptionKey } = secrets
  const { secretId } = body
  const key = secretId === undefined ? null : await store.findKey(db, { encryptionKey, secretId })
  if (secretId !== undefined && key === null) throw new Fault('NotFound', `Key ${secretId} does not exist.`)
  const { callbackSecrets, resultTag, callbackJsonWrapper: jsonWrapper } = settings
  const format = body.resultFormat ?? queue.notify.resultFormat
  const message = callbackBody(testJob(queue), { format, resultTag, jsonWrapper })
  const bytes = Buffer.from(message.body)
  const headers = callbackHeaders({
    ...{ body: bytes, callbackSecrets, at: new Date() },
    webhookId: `msg_test_${randomBytes(16).toString('hex')}`,
    secretKey: key?.secretKey ?? null,
  })
  const startMs = performance.now()
  const result = await postCallback(
    url,
    {
      body: bytes,
      contentType: message.contentType,
      headers: { 'x-ci-request-id': newRequestId(), 'x-kinoprint-test': '1', ...headers },
    },
    { allow: createAllowList(settings.callbackAllow), signal: AbortSignal.timeout(TIMEOUT_MS) },
  ).catch((error: unknown): CallbackResult => {
    const hasTimedOut = error instanceof DOMException && error.name === 'TimeoutError'
    const text = hasTimedOut
      ? `The receiver did not answer within ${TIMEOUT_MS / 1000} s.`
      : `${errorText(error)}. Check that the address is reachable from the server.`
    return { kind: 'failed', httpStatus: null, error: text }
  })
  return {
    url,
    delivered: result.kind === 'delivered',
    httpStatus: result.kind === 'refused' ? null : result.httpStatus,
    error: result.kind === 'delivered' ? null : result.error,
    seconds: (performance.now() - startMs) / 1000,
    signed: key !== null || callbackSecrets.length > 0,
  }
}

/** A job that stands for a real one: a search that found nothing. */
function testJob({ queueId, bucket, region }: store.Queue): Parameters<typeof callbackBody>[0] {
  const now = new Date()
  return {
    jobId: `j${TEST_ID}`,
    state: 'Success',
    code: null,
    message: null,
    progress: 1,
    createdAt: now,
    startedAt: now,
    endedAt: now,
    queueId,
    input: { bucketId: bucket, region, object: 'kinoprint-test.mp4' },
    dnaConfig: { dnaDbId: `Db${TEST_ID}`, ruleType: 'FindSimilarVideo' },
    userData: 'kinoprint-test',
    jobLevel: 0,
    result: { videoId: `dv${TEST_ID}`, durationSeconds: 1, detections: [] },
  }
}
