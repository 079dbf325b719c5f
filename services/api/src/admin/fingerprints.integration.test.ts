import { decodeFingerprintFile, publishVideo, readSentFingerprint, stageFingerprint } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fingerprintFile } from '../testing/fingerprint-file.ts'
import { addLibrary, DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
let dnaDbId: string
beforeAll(async () => {
  api = await startTestApi()
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterAll(() => api.close())

function send(target: string, body: Uint8Array | string) {
  return api.admin({ method: 'POST', target, body: Buffer.from(body) })
}

test('a fingerprint file becomes a job that needs no object', async () => {
  const stored = await send(`/admin/libraries/${dnaDbId}/fingerprints?userData=x`, fingerprintFile())
  expect(stored.status).toBe(201)
  const { jobId } = stored.json as { jobId: string }
  expect(stored.json).toMatchObject({
    state: 'Submitted',
    ruleType: 'GetFingerPrint',
    dnaDbId,
    videoId: `dv${jobId.slice(1)}`,
    bucket: DEFAULT_BUCKET,
    object: 'film.mp4.kfp',
    userData: 'x',
  })
  expect(await readSentFingerprint(api.db, jobId)).toMatchObject({
    etag: expect.stringMatching(/^"kfp-[0-9a-f]{32}"$/),
    durationSeconds: 8,
    width: 640,
    hasAudio: true,
    bytes: 1_000_000,
  })
  const search = `/admin/search?dnaDbId=${dnaDbId}&object=clip.mp4&bucket=partner-1&jobLevel=2`
  expect((await send(search, fingerprintFile({ seed: 2 }))).json).toMatchObject({
    ruleType: 'FindSimilarVideo',
    bucket: 'partner-1',
    object: 'clip.mp4',
    jobLevel: 2,
  })
})

test('a vPDQ hash is stored and searched with as a fingerprint file is', async () => {
  const hash = 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22'
  const lines = Array.from({ length: 9 }, (_, second) => `${hash},100,${second}.0`)
  const stored = await send(`/admin/libraries/${dnaDbId}/fingerprints`, JSON.stringify(lines))
  const { jobId } = stored.json as { jobId: string }
  expect(stored.json).toMatchObject({ object: expect.stringMatching(/^vpdq-[0-9a-f]{32}\.kfp$/) })
  expect(await readSentFingerprint(api.db, jobId)).toMatchObject({
    durationSeconds: 9,
    hasAudio: false,
    frameCount: 9,
  })
  const wrong = await send(`/admin/search?dnaDbId=${dnaDbId}`, `${hash},101,0.0`)
  expect(wrong.json).toMatchObject({ error: { message: expect.stringContaining('its quality is not') } })
})

test('the fingerprint of a stored video is downloaded as a file and as a vPDQ hash', async () => {
  const file = decodeFingerprintFile(fingerprintFile())
  const { durationSeconds, width, height, hasAudio, frameCount, data } = file
  const location = { dnaDbId, bucket: DEFAULT_BUCKET, region: 'local', object: 'stored.mp4', etag: '"1"' }
  const { videoId } = await publishVideo(api.db, {
    ...{ ...location, durationSeconds, width, height, hasAudio, frameCount, jobFence: null },
    fingerprintId: await stageFingerprint(api.db, {
      dnaDbId,
      format: 2,
      data,
      video: [],
      audio: [],
      keypoints: [],
      landmarks: [],
    }),
  })
  const target = `/admin/libraries/${dnaDbId}/videos/${videoId}/fingerprint`
  const kfp = await api.admin({ method: 'GET', target })
  expect(decodeFingerprintFile(kfp.body)).toMatchObject({ name: 'stored.mp4', durationSeconds: 8 })
  const vpdq = await api.admin({ method: 'GET', target: `${target}?format=vpdq` })
  expect(vpdq.json).toHaveLength(8)
  const text = await api.admin({ method: 'GET', target: `${target}?format=vpdq-text` })
  expect(text.text).toMatch(/^0,90,[0-9a-f]{64},0\.000\n/)
  expect((await api.admin({ method: 'GET', target: `${target}?format=mp4` })).status).toBe(400)
})

test.each([
  ['no file', '', 'InvalidContent', 'not a fingerprint file'],
  ['a video', 'ftypisom'.repeat(100), 'InvalidContent', 'not a fingerprint file'],
  ['half a file', fingerprintFile().subarray(0, 500), 'InvalidContent', 'cut short'],
  [
    'a changed file',
    fingerprintFile().map((byte, at) => (at === 700 ? byte ^ 1 : byte)),
    'InvalidContent',
    'checksum',
  ],
  [
    'a file that names no object',
    fingerprintFile({ name: '../secret' }),
    'InvalidArgument',
    'not an object name',
  ],
])('%s sent as a fingerprint is refused without a job', async (_, body, code, message) => {
  const before = await api.db.pool.query('select from jobs')
  const { status, json } = await send(`/admin/search?dnaDbId=${dnaDbId}`, body)
  expect({ status, json }).toMatchObject({ status: 400, json: { error: { code } } })
  expect((json as { error: { message: string } }).error.message).toContain(message)
  expect((await api.db.pool.query('select from jobs')).rowCount).toBe(before.rowCount)
})

test('a fingerprint for a library that does not exist is refused', async () => {
  expect((await send('/admin/libraries/Db0/fingerprints', fingerprintFile())).status).toBe(404)
  expect((await send('/admin/search?dnaDbId=Db0', fingerprintFile())).status).toBe(404)
  expect((await send('/admin/search', fingerprintFile())).status).toBe(400)
})
