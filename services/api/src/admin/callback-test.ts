import { randomBytes } from 'node:crypto'
import { callbackBody, type RouteAnswer } from '@kinoprint/contract'
import { errorText, Fault, newRequestId } from '@kinoprint/core'
import { type CallbackResult, callbackHeaders, createAllowList, postCallback } from '@kinoprint/runtime'
import * as store from '@kinoprint/store'
import { requireAllowedCallback } from '../callback-rules.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

/** The limit of a worker's attempt. */
const TIMEOUT_MS = 10_000
/** No job has this id, so that a receiver can tell a test. */
const TEST_ID = '0'.repeat(32)

type MatchContext = Pick<AdminContext, 'db'> & {
  readonly secrets: Pick<AdminContext['secrets'], 'encryptionKey'>
  readonly settings: Pick<AdminContext['settings'], 'callbackAllow' | 'callbackSecrets'>
}

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
  const { resultTag, callbackJsonWrapper: jsonWrapper } = settings
  const format = body.resultFormat ?? queue.notify.resultFormat
  const message = callbackBody(testJob(queue), { format, resultTag, jsonWrapper })
  return sendTest(settings, { ...message, url, secretKey: key?.secretKey ?? null })
}

/** Sends a callback about a made-up match as workers send those of a library, signed by its key. */
export async function testMatchCallback(
  { db, secrets, settings }: MatchContext,
  { params: { dnaDbId }, body }: JsonRequest<'testMatchCallback'>,
): Answer<'testMatchCallback'> {
  const [library, callback] = await Promise.all([
    store.getLibrary(db, dnaDbId),
    store.getMatchCallback(db, dnaDbId),
  ])
  if (library === null || callback === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist, or reports no matches.`)
  const url = body.url ?? callback.url
  requireAllowedCallback(settings, url)
  const { encryptionKey } = secrets
  const { secretId } = callback
  const key = secretId === null ? null : await store.findKey(db, { encryptionKey, secretId })
  const text = JSON.stringify(testMatch(library))
  return sendTest(settings, {
    ...{ url, body: text, contentType: 'application/json', secretKey: key?.secretKey ?? null },
  })
}

type TestMessage = {
  readonly url: string
  readonly body: string
  readonly contentType: string
  readonly secretKey: string | null
}

async function sendTest(
  { callbackAllow, callbackSecrets }: MatchContext['settings'],
  { url, body, contentType, secretKey }: TestMessage,
): Promise<RouteAnswer<'testCallback'>> {
  const bytes = Buffer.from(body)
  const headers = callbackHeaders({
    ...{ body: bytes, callbackSecrets, at: new Date() },
    webhookId: `msg_test_${randomBytes(16).toString('hex')}`,
    secretKey,
  })
  const startMs = performance.now()
  const result = await postCallback(
    url,
    {
      body: bytes,
      contentType,
      headers: { 'x-ci-request-id': newRequestId(), 'x-kinoprint-test': '1', ...headers },
    },
    { allow: createAllowList(callbackAllow), signal: AbortSignal.timeout(TIMEOUT_MS) },
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
    signed: secretKey !== null || callbackSecrets.length > 0,
  }
}

/** A match that stands for a real one. */
function testMatch({ dnaDbId, name, bucket }: store.Library): store.MatchMessage {
  const content = { bucket, object: 'kinoprint-test.mp4', etag: '"kinoprint-test"', durationSeconds: 1 }
  return {
    event: 'MatchFound',
    eventId: 0,
    at: new Date().toISOString(),
    library: { dnaDbId, name },
    decision: null,
    jobId: `j${TEST_ID}`,
    match: {
      ...{ matchId: `m${TEST_ID}`, state: 'open', changedSinceDecision: false },
      ...{ score: 1, similar: 100, audioSimilar: 100, queryCoverage: 1, refCoverage: 1, similarDuration: 1 },
      query: content,
      reference: { ...content, videoId: `dv${TEST_ID}` },
      passages: [],
    },
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
