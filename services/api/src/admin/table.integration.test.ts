import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import {
  type AdminClient,
  type AdminRoute,
  type AdminRouteName,
  adminRoutes,
  createAdminClient,
  isBytes,
  serverRoutes,
  usualAnswer,
} from '@kinoprint/contract'
import {
  enqueueJob,
  guardAgainstFlood,
  insertDelivery,
  recordUser,
  startReindexing,
  stopReindexing,
} from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addMatch } from '../testing/add-match.ts'
import { fingerprintFile } from '../testing/fingerprint-file.ts'
import {
  ADMIN_TOKEN,
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'
import { openShardable } from '../testing/sharded-database.ts'
import { openTestPictures, putTestVideo, type TestPictures } from '../testing/video-file.ts'

const routes = Object.entries(adminRoutes as Readonly<Record<AdminRouteName, AdminRoute>>)
const guarded = routes.filter(([, { role }]) => role !== 'public')

let api: RunningTestApi
let client: AdminClient
let pictures: TestPictures
beforeAll(async () => {
  pictures = await openTestPictures()
  api = await startTestApi(
    {},
    {
      maintenance: { check: async () => ({ faults: [] }) },
      importLibrary: async () => ({ videos: 0, stored: 0, unchanged: 0, replaced: 0, kept: 0 }),
      pictures,
    },
  )
  client = createAdminClient(`http://127.0.0.1:${api.port}`, ADMIN_TOKEN)
})
afterAll(async () => {
  await api.close()
  await pictures.close()
})

test.each(guarded)('%s returns 401 for a wrong token', async (_, { method, path }) => {
  const target = path.replace(/\{\+?\w+\}/g, 'x1')
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}x` }
  const { status, text } = await api.send({ method: method.toUpperCase(), target, headers })
  expect(status).toBe(401)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'Unauthorized' } })
})

/** One successful call of every route. Each creates the rows it needs. */
const calls: { readonly [Name in AdminRouteName]: () => Promise<unknown> } = {
  listLibraries: async () => {
    await addLibrary(api.db, 'a library in a list')
    return client.listLibraries()
  },
  createLibrary: () => client.createLibrary({ body: { name: 'a new library' } }),
  getLibrary: async () => client.getLibrary({ params: await addLibrary(api.db, 'a library to show') }),
  updateLibrary: async () =>
    client.updateLibrary({ params: await addLibrary(api.db, 'a library to change'), body: { capacity: 5 } }),
  previewPolicy: async () =>
    client.previewPolicy({
      params: await addLibrary(api.db, 'a library with a policy'),
      body: { minSeconds: 5 },
    }),
  deleteLibrary: async () =>
    client.deleteLibrary({ params: await addLibrary(api.db, 'a library to delete') }),
  getHeat: async () => client.getHeat({ params: await newVideo() }),
  startPreview: async () => client.startPreview({ body: await newPreviewObject() }),
  getPreview: async () => {
    const { previewId } = await client.startPreview({ body: await newPreviewObject() })
    return client.getPreview({ params: { previewId } })
  },
  getPreviewVideo: async () => {
    const { previewId } = await client.startPreview({ body: await newPreviewObject() })
    const params = { previewId }
    await expect.poll(async () => (await client.getPreview({ params })).state).toBe('ready')
    return client.getPreviewVideo({ params })
  },
  startTry: () => client.startTry({ body: {} }),
  getTry: async () => {
    await client.startTry({ body: {} }).catch(() => undefined)
    return client.getTry()
  },
  deleteTry: async () => {
    await client.startTry({ body: {} }).catch(() => undefined)
    return client.deleteTry()
  },
  getStill: async () => {
    const params = { bucket: 'films-125', object: 'a/still.mp4' }
    await putTestVideo(api.objects, pictures, { ...params, seconds: 1 })
    return client.getStill({ params })
  },
  listVideos: async () => client.listVideos({ params: await newVideo() }),
  getVideo: async () => client.getVideo({ params: await newVideo() }),
  deleteVideo: async () => client.deleteVideo({ params: await newVideo() }),
  getPoster: async () => client.getPoster({ params: await newVideo('poster.jpg') }),
  getSprite: async () => client.getSprite({ params: await newVideo('sprite.jpg') }),
  getSpriteIndex: async () => client.getSpriteIndex({ params: await newVideo('sprite.json') }),
  getJobPoster: async () => client.getJobPoster({ params: await newThumbnail('poster.jpg') }),
  getJobSprite: async () => client.getJobSprite({ params: await newThumbnail('sprite.jpg') }),
  getJobSpriteIndex: async () => client.getJobSpriteIndex({ params: await newThumbnail('sprite.json') }),
  getFilm: async () => {
    const { dnaDbId } = await addLibrary(api.db, 'a library for a film')
    await putTestVideo(api.objects, pictures, { bucket: DEFAULT_BUCKET, object: 'upload.mp4', seconds: 6 })
    const { etag } = await api.objects.head(DEFAULT_BUCKET, 'upload.mp4')
    const { matchId } = await addMatch(api.db, { dnaDbId, etag })
    return client.getFilm({ params: { matchId }, query: { count: 2 } })
  },
  listObjects: async () => client.listObjects({ params: await newObject() }),
  getObject: async () => client.getObject({ params: await newObject() }),
  putObject: () => client.putObject({ params: { bucket: 'films-125', object: 'b/new.mp4' }, body: 'bytes' }),
  deleteObject: async () => client.deleteObject({ params: await newObject() }),
  listJobs: async () => {
    await newJob()
    return client.listJobs()
  },
  exportLibrary: async () =>
    client.exportLibrary({ params: await addLibrary(api.db, 'a library to export') }),
  importLibrary: () => client.importLibrary({ params: { dnaDbId: 'Db0' }, body: 'bytes' }),
  getFingerprint: async () => {
    const video = await newVideo()
    return client.getFingerprint({ params: video })
  },
  storeFingerprint: async () => {
    const params = await addLibrary(api.db, 'a library for a fingerprint')
    return client.storeFingerprint({ params, body: fingerprintFile() })
  },
  searchFingerprint: async () => {
    const { dnaDbId } = await addLibrary(api.db, 'a library to search with a fingerprint')
    return client.searchFingerprint({ query: { dnaDbId }, body: fingerprintFile() })
  },
  submitJob: async () => {
    const { dnaDbId } = await addLibrary(api.db, 'a library for a submitted job')
    return client.submitJob({ body: { ruleType: 'FindSimilarVideo', dnaDbId, object: 'a.mp4' } })
  },
  followEvents: async () => {
    await (await signedIn()).followEvents()
    // Ends the stream, whose body is then complete.
    await api.db.pool.query('delete from sessions')
  },
  retryJobs: () => client.retryJobs({ body: { filter: { dnaDbId: 'Db0' }, expected: 0 } }),
  getJob: async () => client.getJob({ params: await newJob() }),
  cancelJobs: () => client.cancelJobs({ body: { dnaDbId: 'Db0' } }),
  followJob: async () => {
    const params = await newJob()
    await client.cancelJob({ params })
    return client.followJob({ params })
  },
  cancelJob: async () => client.cancelJob({ params: await newJob() }),
  listMatches: () => client.listMatches(),
  decideMatches: async () =>
    client.decideMatches({ body: { state: 'confirmed', ids: [(await newMatch()).matchId] } }),
  getMatch: async () => client.getMatch({ params: await newMatch() }),
  searchMatchAgain: async () => {
    const params = await newMatch()
    const { query } = await client.getMatch({ params })
    await api.objects.write(query.bucket, query.object, Readable.from([Buffer.from('video')]))
    const { etag } = await api.objects.head(query.bucket, query.object)
    await api.db.pool.query('update matches set query_etag = $1 where match_id = $2', [etag, params.matchId])
    return client.searchMatchAgain({ params, body: {} })
  },
  getMatchNeighbours: async () => client.getMatchNeighbours({ params: await newMatch() }),
  decideMatch: async () => client.decideMatch({ params: await newMatch(), body: { state: 'dismissed' } }),
  undoDecisions: async () => {
    const params = await newMatch()
    const { batchId } = await client.decideMatch({ params, body: { state: 'confirmed' } })
    return client.undoDecisions({ params: { batchId } })
  },
  suggestMatches: () => client.suggestMatches(),
  exportMatches: () => client.exportMatches(),
  exportMatch: async () => client.exportMatch({ params: await newMatch() }),
  listMatchHistory: async () => client.listMatchHistory({ params: await newMatch() }),
  listMatchNotes: async () => client.listMatchNotes({ params: await newMatch() }),
  addMatchNote: async () => client.addMatchNote({ params: await newMatch(), body: { text: 'seen' } }),
  retryJob: async () => {
    const params = await newJob()
    await client.cancelJob({ params })
    return client.retryJob({ params })
  },
  resendDelivery: async () => {
    const { jobId } = await newJob()
    const url = 'http://hooks.test/x'
    const deliveryId = await insertDelivery(api.db.pool, { jobId, type: 'Url', format: 'XML', url })
    return client.resendDelivery({ params: { jobId, deliveryId: String(deliveryId) } })
  },
  listKeys: () => client.listKeys(),
  createKey: () =>
    client.createKey({ body: { name: 'a key', actions: ['*'], libraries: ['*'], buckets: ['*'] } }),
  revokeKey: async () => client.revokeKey({ params: await newKey() }),
  listQueues: async () => {
    await newJob()
    return client.listQueues()
  },
  updateQueue: async () => {
    await newJob()
    const [queue = { queueId: '' }] = (await client.listQueues()).items
    return client.updateQueue({ params: { queueId: queue.queueId }, body: { maxConcurrent: 3 } })
  },
  testCallback: async () => {
    await newJob()
    const [queue = { queueId: '' }] = (await client.listQueues()).items
    // The name never resolves, so nothing leaves this machine.
    const url = 'https://hooks.invalid/done'
    return client.testCallback({ params: { queueId: queue.queueId }, body: { url } })
  },
  signIn: () => client.signIn({ body: { token: ADMIN_TOKEN, name: 'Li' } }),
  getSession: async () => (await signedIn()).getSession(),
  signOut: async () => (await signedIn()).signOut(),
  listSessions: async () => (await signedIn()).listSessions(),
  endSession: async () => {
    const session = await signedIn()
    const { items } = await session.listSessions()
    const sessionId = items.find(({ current }) => current)?.sessionId ?? ''
    return client.endSession({ params: { sessionId } })
  },
  getStats: () => client.getStats(),
  getSeries: () => client.getSeries(),
  getUsage: () => client.getUsage(),
  getUsageCsv: () => client.getUsageCsv(),
  updateKey: async () => client.updateKey({ params: await newKey(), body: { name: 'renamed' } }),
  signRequest: async () =>
    client.signRequest({ params: await newKey(), body: { method: 'GET', path: '/dnadb' } }),
  listAudit: () => client.listAudit(),
  exportAudit: () => client.exportAudit(),
  listSignInMethods: () => client.listSignInMethods(),
  listUsers: () => client.listUsers(),
  getUser: async () => client.getUser({ params: await newUser() }),
  updateUser: async () => client.updateUser({ params: await newUser(), body: { givenRole: 'operator' } }),
  getAbout: () => client.getAbout(),
  findId: () => client.findId({ query: { id: 'j0' } }),
  listWorkers: () => client.listWorkers(),
  getReindexing: () => client.getReindexing(),
  startReindexing: async () => {
    await stopReindexing(api.db)
    return client.startReindexing({ body: {} })
  },
  stopReindexing: async () => {
    await stopReindexing(api.db)
    await startReindexing(api.db, { scope: 'outdated' })
    return client.stopReindexing()
  },
  listReindexingFailures: () => client.listReindexingFailures(),
  listShards: () => client.listShards(),
  addShard: async () => {
    const db = await openShardable('s1')
    const other = await startTestApi({}, { db })
    const others = createAdminClient(`http://127.0.0.1:${other.port}`, ADMIN_TOKEN)
    await others.addShard({ body: { name: 's1' } }).finally(async () => {
      await other.close()
      await db.close()
    })
  },
  removeShard: async () => {
    await api.db.pool.query("insert into shards (name) values ('s9')")
    return client.removeShard({ params: { name: 's9' } })
  },
  moveToShards: () => client.moveToShards({ body: { to: ['primary'] } }),
  checkShards: () => client.checkShards(),
  runMaintenance: () => client.runMaintenance({ params: { task: 'check' } }),
  getMatchCallback: async () => client.getMatchCallback({ params: await newMatchCallback() }),
  setMatchCallback: async () => {
    const params = await addLibrary(api.db, 'a library that reports its matches')
    return client.setMatchCallback({ params, body: { url: 'https://hooks.test/matches' } })
  },
  deleteMatchCallback: async () => client.deleteMatchCallback({ params: await newMatchCallback() }),
  listMatchDeliveries: async () => {
    const { dnaDbId } = await newMatchDelivery()
    return client.listMatchDeliveries({ params: { dnaDbId } })
  },
  resendMatchDelivery: async () => client.resendMatchDelivery({ params: await newMatchDelivery() }),
  listIgnoredPassages: async () => client.listIgnoredPassages({ params: await newIgnoredPassage() }),
  ignorePassage: async () => {
    const { dnaDbId, videoId } = await newVideo()
    return client.ignorePassage({ params: { dnaDbId }, body: { videoId, start: 0, end: 2 } })
  },
  suggestIgnoring: async () =>
    client.suggestIgnoring({ params: await addLibrary(api.db, 'a library to suggest for') }),
  getIgnoredPassage: async () => client.getIgnoredPassage({ params: await newIgnoredPassage() }),
  restorePassage: async () => client.restorePassage({ params: await newIgnoredPassage() }),
  listHeldPassages: async () => {
    await newHeldPassage()
    return client.listHeldPassages()
  },
  releasePassage: async () => client.releasePassage({ params: await newHeldPassage(), body: {} }),
  ignoreHeldPassage: async () =>
    client.ignoreHeldPassage({ params: await newHeldPassage(), body: { note: 'ident' } }),
  createComparison: async () => {
    const object = await newObject()
    return client.createComparison({ body: { query: object, reference: { upload: true } } })
  },
  compare: async () => {
    const object = await newObject()
    const result = {
      ...{ accepted: true, threshold: 0.45, why: null, score: 0.9, similar: 95, audioSimilar: 90 },
      ...{ queryCoverage: 1, refCoverage: 0.5, segments: [] },
    }
    // What a worker does.
    const end = `update comparisons set state = 'Success', ended_at = now(), result = $1 where state = 'Waiting'`
    const worker = setInterval(() => void api.db.pool.query(end, [JSON.stringify(result)]), 100)
    const answer = client.compare({ body: { query: object, reference: object } })
    return answer.finally(() => clearInterval(worker))
  },
  testMatchCallback: async () => {
    // The name never resolves, so nothing leaves this machine.
    const body = { url: 'https://hooks.invalid/done' }
    return client.testMatchCallback({ params: await newMatchCallback(), body })
  },
  receiveObjectEvents: async () => {
    const { dnaDbId } = await addLibrary(api.db, 'a library of events')
    const s3 = { bucket: { name: 'films-125' }, object: { key: 'a.mp4', sequencer: '1' } }
    const Records = [{ eventName: 's3:ObjectCreated:Put', s3 }]
    return client.receiveObjectEvents({ params: { dnaDbId }, body: { Records } })
  },
  listComparisons: async () => {
    await newComparison()
    return client.listComparisons({ query: { pageSize: 1 } })
  },
  getComparison: async () => client.getComparison({ params: await newComparison() }),
  deleteComparison: async () => client.deleteComparison({ params: await newComparison() }),
  putComparisonQuery: async () => client.putComparisonQuery({ params: await newComparison(), body: 'bytes' }),
  putComparisonReference: async () =>
    client.putComparisonReference({ params: await newComparison(), body: 'bytes' }),
  getComparisonEvidence: async () => {
    const params = await newComparison()
    await api.db.pool.query('update comparisons set evidence = $2 where comparison_id = $1', [
      params.comparisonId,
      gzipSync('{}'),
    ])
    return client.getComparisonEvidence({ params })
  },
  getComparisonQuery: async () => {
    const params = await newComparison()
    await client.putComparisonQuery({ params, body: 'bytes' })
    return client.getComparisonQuery({ params })
  },
  getComparisonReference: async () => {
    const params = await newComparison()
    await client.putComparisonReference({ params, body: 'bytes' })
    return client.getComparisonReference({ params })
  },
  getMatchEvidence: async () => {
    const { dnaDbId } = await addLibrary(api.db, 'a library with evidence')
    const { matchId } = await addMatch(api.db, { dnaDbId, evidence: gzipSync('{}') })
    return client.getMatchEvidence({ params: { matchId } })
  },
  getMatchDots: async () => {
    const { dnaDbId } = await addLibrary(api.db, 'a library with dots')
    const seconds = { queryStart: 0, queryEnd: 1, refStart: 0, refEnd: 1 }
    const dots = { columns: 1, rows: 1, ...seconds, picture: 'AQA=', sound: null }
    const { matchId } = await addMatch(api.db, { dnaDbId, evidence: gzipSync(JSON.stringify({ dots })) })
    return client.getMatchDots({ params: { matchId }, query: { from: 0, to: 1, refFrom: 0, refTo: 1 } })
  },
}

/** A client that authenticates with a cookie, as a browser does. */
async function signedIn(): Promise<AdminClient> {
  const url = `http://127.0.0.1:${api.port}`
  const body = JSON.stringify({ token: ADMIN_TOKEN })
  const response = await realFetch(`${url}/admin/session`, { method: 'POST', body })
  const { csrf } = (await response.json()) as { csrf: string }
  const cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  return createAdminClient(url, { headers: { cookie, 'x-kinoprint-csrf': csrf } })
}

let made = 0

function newUser() {
  const claims = { issuer: 'https://login.test', name: 'Li', email: null, providerRole: 'viewer' } as const
  return recordUser(api.db, { ...claims, subject: `person ${++made}` })
}

async function newMatch(): Promise<{ matchId: string }> {
  const { dnaDbId } = await addLibrary(api.db, `a library with a match ${++made}`)
  const { matchId } = await addMatch(api.db, { dnaDbId })
  return { matchId }
}

async function newPreviewObject() {
  const object = { bucket: 'films-125', object: `a/preview-${++made}.mp4` }
  await putTestVideo(api.objects, pictures, { ...object, seconds: 1 })
  return object
}

async function newThumbnail(name: string): Promise<{ jobId: string }> {
  const jobId = `j${'e'.repeat(32)}`
  await mkdir(join(api.thumbnailsDir, jobId), { recursive: true })
  await writeFile(join(api.thumbnailsDir, jobId, name), 'a thumbnail')
  return { jobId }
}

async function newVideo(thumbnail = 'poster.jpg') {
  const { dnaDbId } = await addLibrary(api.db, `a library with a video ${++made}`)
  const { videoId } = await addVideo(api.db, { dnaDbId, object: 'a.mp4' })
  await mkdir(join(api.thumbnailsDir, videoId), { recursive: true })
  await writeFile(join(api.thumbnailsDir, videoId, thumbnail), '{}')
  return { dnaDbId, videoId }
}

async function newObject() {
  const params = { bucket: 'films-125', object: `a/${++made}.mp4` }
  await client.putObject({ params, body: 'bytes' })
  return params
}

async function newMatchCallback() {
  const { dnaDbId } = await addLibrary(api.db, `a library that reports its matches ${++made}`)
  await client.setMatchCallback({ params: { dnaDbId }, body: { url: 'https://hooks.test/matches' } })
  return { dnaDbId }
}

async function newMatchDelivery() {
  const { dnaDbId } = await newMatchCallback()
  await addMatch(api.db, { dnaDbId })
  const [delivery] = (await client.listMatchDeliveries({ params: { dnaDbId } })).items
  return { dnaDbId, deliveryId: String(delivery?.deliveryId) }
}

async function newIgnoredPassage() {
  const { dnaDbId, videoId } = await newVideo()
  const made = await client.ignorePassage({ params: { dnaDbId }, body: { videoId, start: 0, end: 2 } })
  return { dnaDbId, ignoredId: 'ignoredId' in made ? made.ignoredId : '' }
}

async function newHeldPassage() {
  const { dnaDbId } = await newVideo()
  const { jobId } = await addMatch(api.db, { dnaDbId })
  const [held] = await guardAgainstFlood(api.db, jobId, { matches: 1, windowSeconds: 600 })
  return { heldId: held?.heldId ?? '' }
}

function newComparison() {
  return client.createComparison({ body: { query: { upload: true }, reference: { upload: true } } })
}

async function newJob() {
  const { jobId } = await enqueueJob(api.db, {
    ruleType: 'GetFingerPrint',
    dnaDbId: 'Db1',
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'a.mp4',
  })
  return { jobId }
}

function newKey() {
  return client.createKey({ body: { name: 'a key', actions: ['*'], libraries: ['*'], buckets: ['*'] } })
}

test.each(routes)('the response of %s has exactly the status and shape in the table', async (name, route) => {
  let answered: Response | undefined
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (...args) => {
    const response = await realFetch(...args)
    answered = response.clone()
    return response
  })
  await calls[name as AdminRouteName]().finally(() => spy.mockRestore())
  await expectAnswer(answered, route)
})

test.each(Object.entries(serverRoutes))(
  'the response of %s needs no token and has its shape',
  async (_, route) => {
    await expectAnswer(await fetch(`http://127.0.0.1:${api.port}${route.path}`), route)
  },
)

const realFetch = fetch

async function expectAnswer(answered: Response | undefined, route: AdminRoute): Promise<void> {
  const { status, body } = usualAnswer(route)
  expect(answered?.status).toBe(status)
  if (isBytes(body)) {
    expect(answered?.headers.get('content-type')).toContain(body.bytes)
    await answered?.arrayBuffer()
  } else if (body === null) {
    expect(await answered?.text()).toBe('')
  } else {
    const json: unknown = await answered?.json()
    // Parsing drops fields that are not in the schema, so a leaked private field makes the comparison fail.
    expect(body.parse(json)).toEqual(json)
  }
}
