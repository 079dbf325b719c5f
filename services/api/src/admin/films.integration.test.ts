import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMatch } from '../testing/add-match.ts'
import { addLibrary, DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { openTestPictures, putTestVideo, type TestPictures } from '../testing/video-file.ts'

const JOB = `j${'2'.repeat(32)}`
const QUERY = { bucket: DEFAULT_BUCKET, object: 'upload.mp4' }
/** Evidence of the second passage, with two steps. The second was not compared. */
const EVIDENCE = gzipSync(
  JSON.stringify({
    thresholds: { accept: 0.45, alikeBits: 92 },
    passages: [
      {
        ...{ queryStart: 1, queryEnd: 3, refStart: 1, refEnd: 3, sound: null },
        picture: { score: 0.9, start: 1, stepSeconds: 1, rows: 8, alike: 7, medianBits: 12, bits: 'DP8=' },
      },
    ],
  }),
)
let pictures: TestPictures
let api: RunningTestApi
let videoId = ''
/** The address of the film of a match. */
let target = ''
/** The address of its report. */
let report = ''
beforeAll(async () => {
  pictures = await openTestPictures()
  api = await startTestApi({}, { pictures })
  await putTestVideo(api.objects, pictures, { ...QUERY, seconds: 4 })
  const { etag } = await api.objects.head(QUERY.bucket, QUERY.object)
  const { dnaDbId } = await addLibrary(api.db, 'films')
  const segments = [passage(0, 4), passage(1, 3)]
  const match = await addMatch(api.db, { dnaDbId, etag, changes: { segments }, evidence: EVIDENCE })
  videoId = match.videoId
  target = `/admin/matches/${match.matchId}/film.jpg`
  report = `/admin/matches/${match.matchId}/export?format=html`
})
afterAll(async () => {
  await api.close()
  await pictures.close()
})

const get = (target: string, headers = {}) => api.admin({ method: 'GET', target, headers })

function passage(start: number, end: number) {
  const track = { score: 0.9, kind: 'video', pictureScore: 0.9, soundScore: 0, weak: false } as const
  const shape = { speed: 1, mirrored: false, reversed: false, turn: 0, queryBox: null, refBox: null } as const
  return {
    queryStart: start,
    queryEnd: end,
    refStart: start,
    refEnd: end,
    part: 'whole',
    ...track,
    ...shape,
  } as const
}

/** Width and height in the first frame header of a JPEG. */
function sizeOf(jpeg: Buffer): [number, number] {
  const at = jpeg.indexOf(Buffer.from('ffc0', 'hex'))
  return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)]
}

/** Thumbnails of two tiles of 80x90, at 0 s and at 1 s. */
async function putThumbnails(owner: string): Promise<void> {
  const folder = join(api.thumbnailsDir, owner)
  await mkdir(folder, { recursive: true })
  const still = await get(`/admin/stills/${DEFAULT_BUCKET}/upload.mp4?width=160`)
  await writeFile(join(folder, 'sprite.jpg'), still.body)
  await writeFile(join(folder, 'poster.jpg'), 'poster')
  const index = { tileWidth: 80, tileHeight: 90, columns: 2, rows: 1, times: [0, 1] }
  await writeFile(join(folder, 'sprite.json'), JSON.stringify(index))
}

test('a film shows frames of a passage side by side, from the file', async () => {
  const film = await get(`${target}?passage=2&count=3`)
  expect([film.status, film.headers['content-type'], sizeOf(film.body)]).toEqual([
    200,
    'image/jpeg',
    [480, 90],
  ])
  const same = await get(`${target}?passage=2&count=3`, { 'if-none-match': film.headers.etag })
  expect(same.status).toBe(304)
  expect((await get(`${target}?passage=1&count=3`)).body).not.toEqual(film.body)
})

test('a film of a side whose file is gone comes from its thumbnails', async () => {
  const side = `${target}?passage=1&count=2&side=reference`
  expect((await get(side)).status).toBe(404)
  await putThumbnails(videoId)
  const film = await get(side)
  expect([film.status, sizeOf(film.body)]).toEqual([200, [160, 90]])
})

test('a film of unknown matches, passages and sides is refused', async () => {
  for (const [film, status] of [
    [`/admin/matches/m${'0'.repeat(32)}/film.jpg`, 404],
    [`${target}?passage=3`, 404],
    [`${target}?passage=0`, 400],
    [`${target}?count=25`, 400],
    [`${target}?side=both`, 400],
  ] as const)
    expect([film, (await get(film)).status]).toEqual([film, status])
})

test('a report holds filmstrips, still pairs, measurements, thresholds and versions, and needs no other file', async () => {
  const shown = (await get(report)).text
  // A strip and two stills of each side.
  expect(shown.match(/<img [^>]*src="data:image\/jpeg;base64,[^"]+">/g)).toHaveLength(6)
  expect(shown.match(/<img|<script|src=|href=|url\(/g)).toHaveLength(12)
  for (const text of [
    '7 of 8 compared frames alike, 12 differing bits of 256 in the middle, picture 0.900',
    '<path d="M1 4"',
    '<td dir="auto">alikeBits</td><td dir="auto">92</td>',
    '<td dir="auto">reportFrom</td><td dir="auto">0.45</td>',
    '<td dir="auto">fingerprint format</td><td dir="auto">2</td>',
    '<td dir="auto">Kinoprint</td><td dir="auto">0.0.0</td>',
  ])
    expect(shown).toContain(text)
  expect(Buffer.byteLength(shown)).toBeLessThan(2_000_000)
  const blurred = (await get(`${report}&pictures=blur`)).text
  expect(blurred.match(/<img /g)).toHaveLength(6)
  expect(blurred.length).toBeLessThan(shown.length)
  expect((await get(`${report}&pictures=none`)).text).not.toContain('<img')
  await rm(join(api.thumbnailsDir, videoId), { recursive: true })
  const gone = (await get(report)).text
  expect(gone.match(/<img /g)).toHaveLength(3)
  expect(gone).toContain('No pictures of the reference')
})

test('a job shows the thumbnails of its query, also when the job is purged', async () => {
  const job = `/admin/jobs/${JOB}`
  expect((await get(`${job}/poster.jpg`)).status).toBe(404)
  await putThumbnails(JOB)
  expect((await get(`${job}/poster.jpg`)).text).toBe('poster')
  expect((await get(`${job}/sprite.json`)).json).toMatchObject({ times: [0, 1] })
  expect((await get(`${job}/sprite.jpg`)).headers['content-type']).toBe('image/jpeg')
  for (const hostile of ['..%2F..', '%2e%2e', 'dv1'])
    expect((await get(`/admin/jobs/${hostile}/poster.jpg`)).status).toBeGreaterThanOrEqual(400)
})
