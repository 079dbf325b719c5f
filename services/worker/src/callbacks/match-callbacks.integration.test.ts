import { createHmac } from 'node:crypto'
import {
  claimJob,
  completeJob,
  createLibrary,
  deleteLibrary,
  enqueueJob,
  listMatchDeliveries,
  publishVideo,
  setMatchCallback,
  stageFingerprint,
  updateLibrary,
} from '@kinoprint/store'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'
import { openReceiver, type Receiver, status } from './receiver.fixture.ts'

/** Time limit for a hanging test. */
const WAIT = { timeout: 250_000, interval: 20 }
let harness: CallbackHarness
let receiver: Receiver
let dnaDbId: string

beforeAll(async () => {
  harness = await openCallbackHarness()
})
afterAll(() => harness.close())
beforeEach(async () => {
  receiver = await openReceiver()
  const library = { name: 'films', bucket: 'films-125', region: 'local' }
  dnaDbId = (await createLibrary(harness.db, library)).dnaDbId
  return () => receiver.close()
})

/** Ends a search that finds one video. */
async function findMatch(): Promise<void> {
  const { db } = harness
  const fingerprint = {
    dnaDbId,
    format: 2,
    data: Uint8Array.of(1),
    video: [],
    audio: [],
    keypoints: [],
    landmarks: [],
  }
  const location = { dnaDbId, bucket: 'films-125', region: 'local' }
  const { videoId } = await publishVideo(db, {
    ...location,
    ...{ object: 'film.mp4', etag: '"film"', durationSeconds: 60, width: 1, height: 1, hasAudio: true },
    ...{ frameCount: 1, fingerprintId: await stageFingerprint(db, fingerprint), jobFence: null },
  })
  const { jobId } = await enqueueJob(db, { ...location, ruleType: 'FindSimilarVideo', object: 'copy.mp4' })
  const claim = await claimJob(db, { jobId, workerId: 'test', leaseMs: 60_000 })
  if (claim.kind !== 'run') throw new Error(`The job could not be claimed: ${claim.kind}`)
  const times = { queryStart: 0, queryEnd: 9, refStart: 20, refEnd: 29 }
  const picture = { kind: 'video', speed: 1, mirrored: false, reversed: false, turn: 0 } as const
  const box = { queryBox: null, refBox: null, part: 'whole' } as const
  const scores = { score: 0.9, pictureScore: 0.9, soundScore: 0, weak: false }
  const pair = { videoId, score: 0.9, similar: 90, audioSimilar: 0, queryCoverage: 0.9, refCoverage: 0.15 }
  const found = {
    ...pair,
    segments: [{ ...times, ...picture, ...box, ...scores }],
    verdict: 'report' as const,
  }
  const query = {
    bucket: 'films-125',
    object: 'copy.mp4',
    etag: '"copy"',
    width: 1,
    height: 1,
    hasAudio: false,
  }
  await completeJob(db, claim.fence, {
    ...{ videoId: 'dvquery', durationSeconds: 10, detections: [] },
    findings: { query, found: [found] },
  })
}

async function delivery() {
  const { items } = await listMatchDeliveries(harness.db, { dnaDbId, page: 1, pageSize: 10 })
  expect(items).toHaveLength(1)
  return items[0]
}

test('a found match is posted as signed JSON, with the same body until it is received', {
  tags: ['match-callback'],
}, async () => {
  await setMatchCallback(harness.db, dnaDbId, {
    url: receiver.url,
    events: ['MatchFound'],
    secretId: harness.key.secretId,
  })
  receiver.reply(status(500), status(200))
  const callbacks = harness.send()
  await findMatch()
  callbacks.wake()
  await expect.poll(async () => (await delivery())?.status, WAIT).toBe('Delivered')
  const [first, second] = receiver.received
  expect(second?.body).toEqual(first?.body)
  expect(first?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-kinoprint-signature': `sha256=${createHmac('sha256', harness.key.secretKey)
      .update(first?.body ?? '')
      .digest('hex')}`,
  })
  expect(JSON.parse(String(first?.body))).toMatchObject({
    event: 'MatchFound',
    library: { dnaDbId },
    match: { reference: { object: 'film.mp4' }, passages: [{ refStart: 20, refEnd: 29 }] },
  })
  await callbacks.close({ timeoutMs: 1_000 })
})

test('a callback to a private address is refused, and one whose match goes with its library is not sent', {
  tags: ['match-callback'],
}, async () => {
  const set = (url: string) =>
    setMatchCallback(harness.db, dnaDbId, { url, events: ['MatchFound'], secretId: null })
  await set('http://10.0.0.1/matches')
  await findMatch()
  const callbacks = harness.send()
  await expect.poll(async () => (await delivery())?.status, WAIT).toBe('Failed')
  expect((await delivery())?.lastError).toMatch(/not public/)
  await callbacks.close({ timeoutMs: 1_000 })

  dnaDbId = (await createLibrary(harness.db, { name: 'doomed', bucket: 'films-125', region: 'local' }))
    .dnaDbId
  await set(receiver.url)
  await findMatch()
  await deleteLibrary(harness.db, dnaDbId, { force: true })
  const again = harness.send()
  again.wake()
  // Callbacks of open matches are deleted with them.
  const { rows } = await harness.db.pool.query('select from deliveries where tenant = $1', [
    `${dnaDbId} matches`,
  ])
  expect(rows).toEqual([])
  expect(receiver.received).toEqual([])
  await again.close({ timeoutMs: 1_000 })
})

test('a library that is full is reported as signed JSON with its count and capacity', {
  tags: ['library-full'],
}, async () => {
  const { secretId, secretKey } = harness.key
  await setMatchCallback(harness.db, dnaDbId, { url: receiver.url, events: ['LibraryFull'], secretId })
  await findMatch()
  await updateLibrary(harness.db, dnaDbId, { capacity: 1 })
  const callbacks = harness.send()
  await expect.poll(async () => (await delivery())?.status, WAIT).toBe('Delivered')
  const [{ body, headers } = { body: '', headers: {} }] = receiver.received
  const verifier = new Webhook(secretKey, { format: 'raw' })
  expect(verifier.verify(String(body), headers as Record<string, string>)).toMatchObject({
    ...{ event: 'LibraryFull', percent: 100, videoCount: 1, capacity: 1 },
    library: { dnaDbId },
  })
  await callbacks.close({ timeoutMs: 1_000 })
})
