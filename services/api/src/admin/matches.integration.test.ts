import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { adminRoutes, type RouteAnswer } from '@kinoprint/contract'
import { videoIdOfJob } from '@kinoprint/core'
import {
  deleteVideo,
  forgetWholeQueries,
  isWholeQuery,
  keepQueryFingerprint,
  type Library,
  type Video,
} from '@kinoprint/store'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  ADMIN_TOKEN,
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'
import { passage, searchMatch } from '../testing/search-match.ts'

type MatchPage = RouteAnswer<'listMatches'>
type Match = MatchPage['items'][number]

let api: RunningTestApi
let library: Library
let video: Video
let names = 0
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.db.pool.query('delete from matches')
  library = await addLibrary(api.db, `library ${names++}`)
  video = await addVideo(api.db, { dnaDbId: library.dnaDbId, object: 'film.mp4' })
})

async function get<T>(path: string): Promise<T> {
  const { status, json } = await api.admin({ method: 'GET', target: `/admin${path}` })
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(json)}`)
  return json as T
}

const post = (path: string, json: unknown): ReturnType<RunningTestApi['admin']> =>
  api.admin({ method: 'POST', target: `/admin${path}`, json })

const list = (query = ''): Promise<MatchPage> => get<MatchPage>(`/matches?${query}`)
const idsOf = ({ items }: MatchPage): string[] => items.map(({ matchId }) => matchId)

async function find(object: string, changes: object = {}): Promise<string> {
  return (await searchMatch(api.db, { ...library, ...video, object, ...changes })).matchId
}

test('a match is listed with both sides, its passages and the counts by state', async () => {
  const { matchId, job } = await searchMatch(api.db, { ...library, ...video, object: 'clip.mp4' })
  const page = await list('state=open')
  expect(page).toMatchObject({
    total: 1,
    counts: { open: 1, confirmed: 0, dismissed: 0, near: 0 },
    decidedToday: 0,
  })
  expect(adminRoutes.listMatches.answers[200].parse(page)).toEqual(page)
  expect(page.items[0]).toMatchObject({
    matchId,
    library: { dnaDbId: library.dnaDbId, name: library.name },
    state: 'open',
    version: 1,
    reported: true,
    query: { object: 'clip.mp4', etag: '"clip.mp4"', durationSeconds: 20, jobId: job.jobId, videoId: null },
    reference: { videoId: video.videoId, status: 'stored', object: 'film.mp4', width: 640 },
    similarDuration: 10,
    tracks: ['picture', 'sound'],
    decision: null,
  })
  const shown = await api.admin({ method: 'GET', target: `/admin/jobs/${job.jobId}` })
  expect(shown.json).toMatchObject({ result: { detections: [{ matchId }] } })
})

test('each filter of the list narrows it', async () => {
  const sound = await find('Sound_100%.mp4', { segments: [passage(0, 3, { kind: 'audio' })], score: 0.5 })
  const mirrored = await find('mirror.mp4', { segments: [passage(0, 12, { mirrored: true, kind: 'video' })] })
  const near = await find('near.mp4', { verdict: 'near' })
  const other = await addVideo(api.db, { dnaDbId: library.dnaDbId, object: 'other.mp4' })
  const both = (await searchMatch(api.db, { ...library, ...other, object: 'both.mp4', score: 0.99 })).matchId
  const results = async (query: string): Promise<string[]> => idsOf(await list(query)).sort()
  const sorted = (...ids: string[]): string[] => ids.sort()
  expect(await results('')).toEqual(sorted(sound, mirrored, both))
  expect(await results('state=near')).toEqual([near])
  expect(await results('track=sound')).toEqual(sorted(sound, both))
  expect(await results('track=picture')).toEqual(sorted(mirrored, both))
  expect(await results('track=both')).toEqual([both])
  expect(await results('altered=any')).toEqual([mirrored])
  expect(await results('altered=none')).toEqual(sorted(sound, both))
  expect(await results('altered=turned')).toEqual([])
  expect(await results('score=0.95')).toEqual([both])
  expect(await results('score=0.4-0.6')).toEqual([sound])
  expect(await results('seconds=12')).toEqual([mirrored])
  expect(await results('seconds=2-3')).toEqual([sound])
  expect(await results('q=MIRROR')).toEqual([mirrored])
  expect(await results('q=_100%25')).toEqual([sound])
  expect(await results('q=%25')).toEqual([sound])
  expect(await results(`q=${mirrored}`)).toEqual([mirrored])
  expect(await results(`library=${library.dnaDbId}`)).toHaveLength(3)
  expect(await results('library=Db0')).toEqual([])
  expect(await results(`sameQueryAs=${sound}`)).toEqual([sound])
  expect(idsOf(await list('order=score'))[0]).toBe(both)
  expect(idsOf(await list('order=seconds'))[0]).toBe(mirrored)
  expect(idsOf(await list('order=oldest&pageSize=1&page=2'))).toHaveLength(1)
})

test('matches are found by the job and by the stored video', async () => {
  const { matchId, job } = await searchMatch(api.db, { ...library, ...video })
  const other = await addLibrary(api.db, 'another library')
  const elsewhere = await addVideo(api.db, { dnaDbId: other.dnaDbId, object: 'film.mp4' })
  await searchMatch(api.db, { ...other, ...elsewhere })
  expect(idsOf(await list(`jobId=${job.jobId}`))).toEqual([matchId])
  expect(idsOf(await list(`q=${job.jobId}`))).toEqual([matchId])
  expect(idsOf(await list(`videoId=${video.videoId}`))).toEqual([matchId])
  expect(await list(`videoId=${video.videoId}`)).toMatchObject({ counts: { open: 1 } })
  await deleteVideo(api.db, { ...library, ...video })
  expect(await list(`videoId=${video.videoId}`)).toMatchObject({
    items: [{ matchId, reference: { videoId: null, status: 'deleted', object: 'film.mp4' } }],
  })
})

test('a grouped list shows the first match of each reference with the size of its group', async () => {
  await find('1.mp4')
  const second = await find('2.mp4', { score: 0.95 })
  const page = await list('group=reference&order=score')
  expect(page).toMatchObject({
    total: 1,
    items: [{ matchId: second, group: { by: 'reference', matches: 2 } }],
  })
  expect((await list('group=query')).items.map(({ group }) => group)).toEqual([
    { by: 'query', matches: 1 },
    { by: 'query', matches: 1 },
  ])
  expect(idsOf(await list(`sameReferenceAs=${second}`))).toHaveLength(2)
})

test('a decision is recorded with its reason and version, and can be undone', async () => {
  const matchId = await find('clip.mp4')
  const answer = await post(`/matches/${matchId}/decision`, {
    state: 'dismissed',
    reason: 'licensed',
    note: 'Deal 7',
  })
  const { batchId, match } = answer.json as RouteAnswer<'decideMatch'>
  expect(match).toMatchObject({
    state: 'dismissed',
    version: 2,
    decision: { state: 'dismissed', reason: 'licensed', note: 'Deal 7', by: null },
  })
  expect(await list('state=dismissed')).toMatchObject({ decidedToday: 1, counts: { open: 0, dismissed: 1 } })
  expect(await list('dayStart=2100-01-01T00:00:00Z')).toMatchObject({ decidedToday: 0 })
  expect((await post(`/decisions/${batchId}/undo`, {})).json).toEqual({
    undone: 1,
    skipped: 0,
    matchIds: [matchId],
  })
  const detail = await get<RouteAnswer<'getMatch'>>(`/matches/${matchId}`)
  expect(detail).toMatchObject({ state: 'open', version: 3, decision: null })
  expect(detail.history.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['undone', 'dismissed', 'open'],
    ['decided', 'open', 'dismissed'],
    ['found', null, 'open'],
  ])
  expect(adminRoutes.getMatch.answers[200].parse(detail)).toEqual(detail)
  expect(await post(`/decisions/${batchId}/undo`, {})).toMatchObject({ status: 409 })
  expect(await post('/decisions/b0/undo', {})).toMatchObject({ status: 404 })
})

test('undoing restores the earlier decision, and skips what was decided again', async () => {
  const [first, second] = [await find('1.mp4'), await find('2.mp4')]
  await post(`/matches/${first}/decision`, { state: 'confirmed', note: 'sure' })
  const bulk = await post('/matches/decisions', { state: 'dismissed', ids: [first, second] })
  const { batchId, decided } = bulk.json as RouteAnswer<'decideMatches'>
  expect(decided).toBe(2)
  await post(`/matches/${second}/decision`, { state: 'confirmed' })
  expect((await post(`/decisions/${batchId}/undo`, {})).json).toEqual({
    undone: 1,
    skipped: 1,
    matchIds: [first],
  })
  const restored = await get<Match>(`/matches/${first}`)
  expect(restored).toMatchObject({ state: 'confirmed', decision: { state: 'confirmed', note: 'sure' } })
  expect(await get<Match>(`/matches/${second}`)).toMatchObject({ state: 'confirmed' })
})

test('a decision against another version is refused with the newer one', {
  tags: ['match-version'],
}, async () => {
  const matchId = await find('clip.mp4')
  await post(`/matches/${matchId}/decision`, { state: 'confirmed', ifVersion: 1 })
  const refused = await post(`/matches/${matchId}/decision`, { state: 'dismissed', ifVersion: 1 })
  expect(refused.status).toBe(409)
  expect(refused.json).toMatchObject({
    error: {
      code: 'Conflict',
      message: expect.stringContaining('Someone confirmed the match'),
      details: { state: 'confirmed', version: '2' },
    },
  })
  expect(await get<Match>(`/matches/${matchId}`)).toMatchObject({ state: 'confirmed', version: 2 })
})

test('of concurrent decisions on one version exactly one is saved', { tags: ['match-version'] }, async () => {
  const matchId = await find('clip.mp4')
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      post(`/matches/${matchId}/decision`, { state: n % 2 === 0 ? 'confirmed' : 'dismissed', ifVersion: 1 }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409])
})

test('a bulk decision by filter needs the expected number, and skips other states', async () => {
  const decided = await find('0.mp4')
  await post(`/matches/${decided}/decision`, { state: 'confirmed' })
  for (const name of ['1', '2', '3']) await find(`${name}.mp4`)
  const filter = { state: 'open', library: library.dnaDbId, seconds: '5' }
  const refused = await post('/matches/decisions', { state: 'dismissed', filter, expected: 4 })
  expect(refused).toMatchObject({ status: 409, json: { error: { details: { total: '3' } } } })
  expect(await list()).toMatchObject({ counts: { open: 3, confirmed: 1, dismissed: 0 } })
  const { json } = await post('/matches/decisions', { state: 'dismissed', filter, expected: 3 })
  expect(json).toMatchObject({ decided: 3 })
  expect(await list()).toMatchObject({ counts: { open: 0, confirmed: 1, dismissed: 3 }, decidedToday: 4 })
})

test('a bulk decision with an unknown match decides none', async () => {
  const matchId = await find('clip.mp4')
  const { status, json } = await post('/matches/decisions', { state: 'confirmed', ids: [matchId, 'm0'] })
  expect([status, JSON.stringify(json)]).toEqual([404, expect.stringContaining('m0')])
  expect(await list()).toMatchObject({ counts: { open: 1 } })
})

test('taking back the decision about a near miss makes it a near miss again', async () => {
  const matchId = await find('near.mp4', { verdict: 'near' })
  const confirmed = await post(`/matches/${matchId}/decision`, { state: 'confirmed' })
  expect(confirmed.json).toMatchObject({ match: { state: 'confirmed', reported: false } })
  const back = await post(`/matches/${matchId}/decision`, { state: 'open' })
  expect(back.json).toMatchObject({ match: { state: 'near', decision: null } })
})

test('notes keep hostile text as it is, and are part of the history', async () => {
  const matchId = await find('clip.mp4')
  const text = '<img src=x onerror=alert(1)> \u202Eltr @0:14.9'
  expect(await post(`/matches/${matchId}/notes`, { text })).toMatchObject({
    status: 201,
    json: { text, by: null },
  })
  expect(await get(`/matches/${matchId}/notes`)).toMatchObject({ total: 1, items: [{ text }] })
  expect(await get(`/matches/${matchId}`)).toMatchObject({
    notes: 1,
    version: 1,
    history: [{ kind: 'note', note: text }, {}],
  })
  expect(await get(`/matches/${matchId}/history?pageSize=1`)).toMatchObject({
    total: 2,
    items: [{ kind: 'note' }],
  })
})

test('decisions and notes carry the name given at sign-in', async () => {
  const matchId = await find('clip.mp4')
  const signedIn = await api.send({
    method: 'POST',
    target: '/admin/session',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: ADMIN_TOKEN, name: 'Li' }),
  })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const { csrf } = JSON.parse(signedIn.text) as { csrf: string }
  const send = (path: string, json: unknown, headers: Record<string, string>) =>
    api.send({ method: 'POST', target: `/admin${path}`, headers, body: JSON.stringify(json) })
  const path = `/matches/${matchId}`
  expect((await send(`${path}/decision`, { state: 'confirmed' }, { cookie })).status).toBe(403)
  const headers = { cookie, 'x-kinoprint-csrf': csrf }
  expect((await send(`${path}/decision`, { state: 'confirmed' }, headers)).status).toBe(200)
  expect((await send(`${path}/notes`, { text: 'seen' }, headers)).status).toBe(201)
  expect(await get(path)).toMatchObject({
    decision: { by: 'Li' },
    history: [{ kind: 'note', by: 'Li' }, { kind: 'decided', by: 'Li' }, { by: null }],
  })
})

test('a match shows other names of its query, and decisions about the same contents', async () => {
  const first = await find('1.mp4')
  const second = await find('2.mp4')
  await post(`/matches/${first}/decision`, { state: 'confirmed' })
  const detail = await get<RouteAnswer<'getMatch'>>(`/matches/${second}`)
  expect(detail.related).toMatchObject([{ matchId: first, state: 'confirmed', passages: [] }])
  expect(detail.sameQueryObjects).toEqual([])
})

test('five open matches that rest on one passage are suggested, until they are decided', async () => {
  const ident = { segments: [passage(0, 8)] }
  for (const name of ['1', '2', '3', '4']) await find(`${name}.mp4`, ident)
  await find('more.mp4', { segments: [passage(0, 8), passage(30, 20)] })
  type Suggestions = RouteAnswer<'suggestMatches'>
  expect(await get<Suggestions>('/matches/suggestions')).toEqual({ items: [] })
  const last = await find('5.mp4', ident)
  const { items } = await get<Suggestions>(`/matches/suggestions?library=${library.dnaDbId}`)
  expect(items).toMatchObject([
    { refStart: 100, refEnd: 108, matches: 6, only: 5, reference: { videoId: video.videoId } },
  ])
  expect(idsOf(await list(`sameReferenceAs=${items[0]?.exampleMatchId}`))).toHaveLength(6)
  await post(`/matches/${last}/decision`, { state: 'dismissed' })
  expect(await get<Suggestions>('/matches/suggestions')).toEqual({ items: [] })
})

test('hostile names stay text in every export', async () => {
  const matchId = await find('=cmd|"/c calc"!A1,<img src=x onerror=alert(1)>.mp4', {
    segments: [passage(0, 10, { speed: 1.25, reversed: true }), passage(12, 3, { weak: true, score: 0.2 })],
  })
  await post(`/matches/${matchId}/notes`, { text: '</pre><script>alert(1)</script>' })
  const file = (format: string) =>
    api.admin({ method: 'GET', target: `/admin/matches/${matchId}/export?format=${format}` })
  const csv = await file('csv')
  expect(csv.headers['content-disposition']).toBe(`attachment; filename="${matchId}.csv"`)
  expect(csv.text.split('\r\n')).toHaveLength(3)
  expect(csv.text).toContain(
    `,"'=cmd|""/c calc""!A1,<img src=x onerror=alert(1)>.mp4",film.mp4,0,10,100,110,`,
  )
  const edl = (await file('edl')).text
  expect(edl).toContain('001  AX       B     C        00:01:40:00 00:01:50:00 00:00:00:00 00:00:10:00')
  expect(edl).toContain('M2   AX       -31.3')
  expect(edl).toContain('* FRAME RATE: 25 (assumed, not known)')
  const html = (await file('html')).text
  expect(html).not.toMatch(/<script|<img|https?:/)
  const [, json = ''] = /<pre>(.*)<\/pre>/s.exec(html) ?? []
  const data = json
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
  const bytes = data.replaceAll('&amp;', '&')
  expect(html).toContain(createHash('sha256').update(bytes).digest('hex'))
  expect(JSON.parse(bytes)).toMatchObject({ matchId })
  const list = await api.admin({ method: 'GET', target: '/admin/matches/export?format=csv&state=open' })
  expect(list.text).toBe(csv.text)
  expect(await api.admin({ method: 'GET', target: '/admin/matches/m0/export' })).toMatchObject({
    status: 404,
  })
})

test('exports mark ignored passages, and an edit decision list counts frames of the query', async () => {
  const matchId = await find('clip.mp4', {
    fps: 30000 / 1001,
    segments: [passage(0, 3, { refStart: 1, refEnd: 4 }), passage(10, 3, { refStart: 6, refEnd: 9 })],
  })
  await post(`/libraries/${library.dnaDbId}/ignored`, { videoId: video.videoId, start: 5, end: 10 })
  const file = async (query: string) =>
    (await api.admin({ method: 'GET', target: `/admin/matches/${matchId}/export?${query}` })).text
  expect(await file('format=edl')).toContain(
    [
      '* FRAME RATE: 29.97 (of the query)',
      '001  AX       B     C        00:00:01:00 00:00:04:00 00:00:00:00 00:00:03:00',
      '* FROM CLIP NAME: film.mp4',
      '* IGNORED PASSAGE: 00:00:06:00 00:00:09:00 00:00:10:00 00:00:13:00',
      '',
    ].join('\r\n'),
  )
  expect(await file('format=edl&fps=25')).toContain('* FRAME RATE: 25 (as requested)')
  const rows = (await file('format=csv'))
    .trim()
    .split('\r\n')
    .map((row) => row.split(','))
  const column = rows[0]?.indexOf('ignored') ?? -1
  expect(rows.slice(1).map((row) => row[column])).toEqual(['', expect.stringMatching(/./)])
})

test('the neighbours of a match are those of the filtered list', async () => {
  const [a, b, c] = [await find('a.mp4'), await find('b.mp4'), await find('c.mp4')]
  expect(await get(`/matches/${b}/neighbours?order=oldest`)).toEqual({
    position: 2,
    total: 3,
    previous: a,
    next: c,
  })
  expect(await get(`/matches/${b}/neighbours?state=dismissed`)).toMatchObject({ position: null })
})

test.each([
  ['an unknown parameter', 'GET', '/matches?colour=red', undefined, 400],
  ['a score that is no number', 'GET', '/matches?score=high', undefined, 400],
  ['a page of 101', 'GET', '/matches?pageSize=101', undefined, 400],
  ['an unknown match', 'GET', '/matches/m0', undefined, 404],
  ['the notes of an unknown match', 'GET', '/matches/m0/notes', undefined, 404],
  ['a decision on an unknown match', 'POST', '/matches/m0/decision', { state: 'open' }, 404],
  ['a state that only searches set', 'POST', '/matches/m0/decision', { state: 'near' }, 400],
  ['a reason to confirm', 'POST', '/matches/m0/decision', { state: 'confirmed', reason: 'other' }, 400],
  ['a note with NUL', 'POST', '/matches/m0/notes', { text: 'a\0b' }, 400],
  ['an empty note', 'POST', '/matches/m0/notes', { text: '' }, 400],
  ['neither ids nor filter', 'POST', '/matches/decisions', { state: 'open' }, 400],
  [
    'ids and a filter',
    'POST',
    '/matches/decisions',
    { state: 'open', ids: ['m'], filter: {}, expected: 1 },
    400,
  ],
  ['a filter without a number', 'POST', '/matches/decisions', { state: 'open', filter: {} }, 400],
])('%s is refused', async (_name, method, target, json, status) => {
  expect((await api.admin({ method, target: `/admin${target}`, json })).status).toBe(status)
})

test('a match says what is kept of it: files, thumbnails, evidence, and the fingerprint of its query', async () => {
  const { matchId, job } = await searchMatch(api.db, { ...library, ...video, object: 'kept.mp4' })
  const before = await get<RouteAnswer<'getMatch'>>(`/matches/${matchId}`)
  expect(adminRoutes.getMatch.answers[200].parse(before)).toEqual(before)
  expect(before).toMatchObject({ hasEvidence: false, isQueryKept: false })
  expect(before.files.query).toMatchObject({ state: 'gone', thumbnails: false, bytes: null })
  expect(before.files.reference.storedAt).toMatch(/^\d{4}-.*Z$/)
  await api.objects.write(DEFAULT_BUCKET, 'kept.mp4', Readable.from([Buffer.from('other content')]))
  await mkdir(join(api.thumbnailsDir, job.jobId), { recursive: true })
  await writeFile(join(api.thumbnailsDir, job.jobId, 'sprite.json'), '{}')
  const { files } = await get<RouteAnswer<'getMatch'>>(`/matches/${matchId}`)
  expect(files.query).toMatchObject({ state: 'replaced', thumbnails: true })
})

test('a match is searched again with its file, and read whole on request', async () => {
  const { matchId } = await searchMatch(api.db, { ...library, ...video, object: 'again.mp4' })
  const refused = await post(`/matches/${matchId}/search`, { whole: true })
  expect([refused.status, refused.json]).toMatchObject([409, { error: { code: 'Conflict' } }])
  expect((await post(`/matches/${matchId}/search`, {})).status).toBe(409)
  await api.objects.write(DEFAULT_BUCKET, 'again.mp4', Readable.from([Buffer.from('video')]))
  const { etag } = await api.objects.head(DEFAULT_BUCKET, 'again.mp4')
  await api.db.pool.query('update matches set query_etag = $1 where match_id = $2', [etag, matchId])
  const plain = await post(`/matches/${matchId}/search`, {})
  expect(plain).toMatchObject({ status: 201, json: { ruleType: 'FindSimilarVideo', object: 'again.mp4' } })
  expect(await isWholeQuery(api.db, etag)).toBe(false)
  expect((await post(`/matches/${matchId}/search`, { whole: true })).status).toBe(201)
  expect(await isWholeQuery(api.db, etag)).toBe(true)
  await forgetWholeQueries(api.db, { olderThanDays: 1 })
  expect(await isWholeQuery(api.db, etag)).toBe(true)
  await forgetWholeQueries(api.db, { olderThanDays: -1 })
  expect(await isWholeQuery(api.db, etag)).toBe(false)
  expect((await post('/matches/m0/search', {})).status).toBe(404)
  expect((await post(`/matches/${matchId}/search`, { whole: 'yes' })).status).toBe(400)
})

test('a match names the key that submitted its search, also when that key is revoked', async () => {
  const { matchId, job } = await searchMatch(api.db, { ...library, ...video, object: 'by-key.mp4' })
  expect(await get(`/matches/${matchId}`)).toMatchObject({ key: null })
  const all = { actions: ['*'], libraries: ['*'], buckets: ['*'] }
  const { status, json } = await post('/keys', { name: 'upload-check', ...all })
  expect(status).toBe(201)
  const { secretId } = json as { secretId: string }
  await api.db.pool.query('update jobs set secret_id = $1 where job_id = $2', [secretId, job.jobId])
  await api.admin({ method: 'DELETE', target: `/admin/keys/${secretId}` })
  expect(await get(`/matches/${matchId}`)).toMatchObject({ key: { secretId, name: 'upload-check' } })
})

test('a match whose file is gone is searched again with the kept fingerprint of its query', async () => {
  const { matchId, job } = await searchMatch(api.db, { ...library, ...video, object: 'lost.mp4' })
  const kept = { storeDetail: 'full', durationSeconds: 20, width: 640, height: 360, hasAudio: true } as const
  await keepQueryFingerprint(api.db, { ...kept, etag: '"lost.mp4"', data: Buffer.from('fingerprint') })
  expect(await get(`/matches/${matchId}`)).toMatchObject({ isQueryKept: true })
  const again = await post(`/matches/${matchId}/search`, {})
  expect(again).toMatchObject({ status: 201, json: { videoId: videoIdOfJob(job.jobId), object: 'lost.mp4' } })
})
