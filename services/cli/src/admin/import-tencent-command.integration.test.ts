import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import {
  type CloudStandIn,
  type CloudVideo,
  openCloudStandIn,
} from '../../../../tests/compat/cloud-stand-in.ts'
import { renderFootage } from '../../../../tests/footage.ts'
import { openAdminBackend } from '../product/open-admin-backend.ts'
import { type AdminBackend, listAll } from './backend.ts'
import { importTencentCommand } from './import-tencent-command.ts'
import { failureOfCommand, runCommand } from './run-command.fixture.ts'

// Videos are decoded.
vi.setConfig({ testTimeout: 300_000 })

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-moved-test-'))
const at = (...parts: string[]): string => join(folder, ...parts)
const key = { secretId: `AKID${'x'.repeat(32)}`, secretKey: 'y'.repeat(32) }
const where = { bucket: 'films-1250000000', region: 'ap-chongqing' }
const films = `Db${'0'.repeat(31)}1`
const other = `Db${'0'.repeat(31)}2`
const idOf = (digit: number): string => `dv${String(digit).repeat(32)}`

let standIn: CloudStandIn
let backend: AdminBackend
let film: Buffer

function video(digit: number, object: string, content: Buffer | null): CloudVideo {
  const etag = `"${createHash('md5')
    .update(content ?? '')
    .digest('hex')}"`
  return { videoId: idOf(digit), object, content, etag }
}

beforeAll(async () => {
  await renderFootage(at('film.mp4'), { seed: 5, seconds: 2, width: 160, height: 90 })
  film = readFileSync(at('film.mp4'))
  const videos = [
    video(1, 'in/a film.mp4', film),
    video(2, 'in/b.mp4', film),
    video(3, 'in/gone.mp4', null),
    video(4, 'in/notes.txt', Buffer.from('no video at all')),
    video(5, 'in//empty-segment.mp4', film),
  ]
  const libraries = [
    { dnaDbId: films, name: 'films', capacity: 3, videos },
    { dnaDbId: other, name: 'films', capacity: 10_000, videos: [] },
  ]
  standIn = await openCloudStandIn({ key, ...where, libraries })
  backend = await openAdminBackend({
    environment: { DATA_DIR: at('data'), LOG_LEVEL: 'error' },
    runsJobs: true,
  })
})
afterEach(() => standIn.setFault(null))
afterAll(async () => {
  await backend.close()
  await standIn.close()
  rmSync(folder, { recursive: true, force: true })
})

function move(...args: string[]) {
  const environment = {
    TENCENT_SECRET_ID: key.secretId,
    TENCENT_SECRET_KEY: key.secretKey,
    TENCENT_ENDPOINT: standIn.url,
  }
  const all = ['--bucket', where.bucket, '--region', where.region, '--rate', '1000', ...args]
  return runCommand((withBackend) => importTencentCommand(withBackend, { environment }), backend, all)
}
const downloads = () => standIn.requests.filter((target) => !target.startsWith('/dnadb'))
const videosOf = (dnaDbId: string) =>
  listAll(({ query }) => backend.listVideos({ params: { dnaDbId }, query: { ...query, order: 'name' } }))

test('a dry run prints what an import would do, and changes nothing', async () => {
  const { out, code } = await move('--dry-run', '--report', at('unused.csv'))
  expect(code).toBe(0)
  expect(out).toMatch(
    new RegExp(`^DnaDbId .*\\n${films} +films +to create +5 +0 +5\\n${other} +films +to create +0`),
  )
  expect(out).toContain('Nothing was changed.')
  expect(await listAll(backend.listLibraries)).toEqual([])
  expect(downloads()).toEqual([])
})

test('an account is moved with its ids, and what cannot be stored is reported with the reason', {
  tags: ['import-tencent'],
}, async () => {
  const { out, err, code } = await move('--report', at('failed.csv'))
  expect([out, code]).toEqual(['2 stored, 0 skipped, 3 failed.\n', 3])
  expect(err).toContain('films-1250000000/in/gone.mp4: The bucket has no object in/gone.mp4 any more.')
  const libraries = await listAll(backend.listLibraries)
  expect(libraries).toMatchObject([
    { dnaDbId: films, name: 'films', capacity: 5, description: 'moved', ...where, videoCount: 2 },
    { dnaDbId: other, name: `films (${other})`, capacity: 10_000 },
  ])
  expect(await videosOf(films)).toMatchObject([
    { videoId: idOf(1), object: 'in/a film.mp4', bucket: where.bucket },
    { videoId: idOf(2), object: 'in/b.mp4' },
  ])
  const report = readFileSync(at('failed.csv'), 'utf8').trim().split('\r\n')
  expect(report[0]).toBe('object,bucket,region,dnaDbId,videoId,reason')
  expect(report.slice(1).toSorted()).toEqual([
    expect.stringMatching(/^in\/\/empty-segment\.mp4,.*,dv5{32},/),
    expect.stringMatching(/^in\/gone\.mp4,films-1250000000,ap-chongqing,Db0+1,dv3{32},/),
    expect.stringMatching(/^in\/notes\.txt,.*The file is text, not /),
  ])
})

test('a second import downloads nothing that is stored or that no decoder can read', {
  tags: ['import-tencent'],
}, async () => {
  const before = downloads().length
  const { out, err } = await move()
  expect(out).toBe('0 stored, 2 skipped, 3 failed.\n')
  expect(err).toContain('in/b.mp4: stored already')
  const again = downloads().slice(before)
  expect(again.toSorted()).toEqual(['/in//empty-segment.mp4', '/in/gone.mp4'])
})

test('a video that was deleted here is stored again, and a failed job runs again once its object is there', {
  tags: ['import-tencent'],
}, async () => {
  await backend.deleteVideo({ params: { dnaDbId: films, videoId: idOf(1) } })
  const noCopy = await move('--no-copy', '--library', films)
  expect(noCopy.out).toBe('1 stored, 1 skipped, 3 failed.\n')
  expect((await videosOf(films)).map(({ object }) => object)).toEqual(['in/a film.mp4', 'in/b.mp4'])
  const lost = at('data/buckets', where.bucket, 'in/gone.mp4')
  copyFileSync(at('film.mp4'), lost)
  const repaired = await move('--no-copy', '--library', films)
  expect(repaired.out).toBe('1 stored, 2 skipped, 2 failed.\n')
  expect(await videosOf(films)).toContainEqual(expect.objectContaining({ videoId: idOf(3) }))
})

test('an interrupted import ends at once, and the next one continues', {
  tags: ['import-tencent'],
}, async () => {
  await backend.deleteVideo({ params: { dnaDbId: films, videoId: idOf(2) } })
  standIn.setFault((request) => {
    const isDownload = request.url?.startsWith('/in/b') === true
    // As Ctrl-C does, while the object is on its way.
    if (isDownload) process.emit('SIGINT')
    return isDownload
  })
  const interrupted = await move('--library', films)
  expect([interrupted.code, interrupted.err]).toEqual([
    130,
    expect.stringContaining('Run the same command again to continue.'),
  ])
  expect((await videosOf(films)).map(({ object }) => object)).not.toContain('in/b.mp4')
  standIn.setFault(null)
  const next = await move('--library', films)
  expect(next.out).toMatch(/^1 stored, /)
})

test('a library that the bucket does not have, a wrong rate and an account that is away are explained', async () => {
  const absent = await failureOfCommand(move('--library', 'Db0'))
  expect(absent.message).toBe('Bucket films-1250000000 has no library Db0.')
  const rate = await failureOfCommand(move('--rate', '0'))
  expect(rate).toEqual({ message: '--rate must be above 0.', code: 2 })
  standIn.setFault((_request, response) => {
    response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>Denied.</Message></Error>')
    return true
  })
  const denied = await failureOfCommand(move('--dry-run'))
  expect(denied.message).toContain('Tencent Cloud refused the key (403 AccessDenied: Denied.).')
})
