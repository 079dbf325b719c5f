import { gzipSync } from 'node:zlib'
import { createInventoryJob, getInventoryJob, getJobHeads, listJobs } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { runInventory } from './run-inventory.ts'

let harness: WorkerHarness
let dnaDbId: string
beforeAll(async () => {
  harness = await openWorkerHarness()
  dnaDbId = (await harness.createLibrary()).dnaDbId
})
afterAll(() => harness.close())

type Source = Parameters<typeof createInventoryJob>[1]['request']['source']
async function start(source: Source, library = dnaDbId, changedAfter?: string): Promise<string> {
  const request = {
    name: 'all',
    changedAfter,
    source,
    ruleType: 'FindSimilarVideo',
    dnaDbId: library,
    jobLevel: 0,
  } as const
  const where = { bucket: BUCKET, region: 'local', secretId: 'AKID' }
  return (await createInventoryJob(harness.db, { ...where, request })).inventoryJobId
}
async function* chunksOf(content: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(content)
}
const write = (object: string, text: string | Buffer = 'x') =>
  harness.objects.write(BUCKET, object, chunksOf(text))
const get = (id: string) => getInventoryJob(harness.db, id, {})
const run = (waitingPerKey = 0) => runInventory({ ...harness, waitingPerKey })
async function objectsOf(id: string): Promise<string[]> {
  const { jobs } = await listJobs(harness.db, { inventoryJobId: id, order: 'Asc', size: 100 })
  return jobs.map(({ object }) => object)
}
/** Makes it due at once. */
const dueNow = (id: string) =>
  harness.db.pool.query(`update inventory_jobs set next_at = '-infinity' where inventory_job_id = $1`, [id])
const endJobs = (id: string, state: string) =>
  harness.db.pool.query('update jobs set state = $2, ended_at = now() where inventory_job_id = $1', [
    id,
    state,
  ])

test('each object under a prefix gets one job, also if the worker dies between batches', {
  tags: ['inventory'],
}, async () => {
  for (let n = 0; n < 205; n++) await write(`many/${String(n).padStart(3, '0')}`)
  await write('other/1')
  const id = await start({ kind: 'prefix', prefix: 'many/' })
  // A worker that died after it claimed the job, and before it submitted anything.
  await harness.db.pool.query(
    `update inventory_jobs set state = 'Running', next_at = now() + interval '1 hour'`,
  )
  await run()
  expect(await get(id)).toMatchObject({ state: 'Running', submitted: 0 })
  await dueNow(id)
  await run()
  expect(await get(id)).toMatchObject({ state: 'Running', submitted: 205, succeeded: 0 })
  const { rows } = await harness.db.pool.query(
    'select object, job_id as "jobId" from jobs where inventory_job_id = $1 order by object',
    [id],
  )
  expect(rows.map(({ object }) => object)).toEqual(
    Array.from({ length: 205 }, (_, n) => `many/${String(n).padStart(3, '0')}`),
  )
  expect(await getJobHeads(harness.db, [rows[0].jobId])).toMatchObject([{ inventoryJobId: id }])
  await endJobs(id, 'Success')
  await dueNow(id)
  await run()
  expect(await get(id)).toMatchObject({ state: 'Success', submitted: 205, succeeded: 205, failed: 0 })
})

test('a list names objects by name and by address, and addresses are not fetched', {
  tags: ['inventory-list'],
}, async () => {
  await write(
    'list.txt',
    `a.mp4\r\n\nhttps://${BUCKET}.cos.x.example/b%20c.mp4\n/d/e.mp4\nhttp://127.0.0.1:1/${BUCKET}/f.mp4\n`,
  )
  const id = await start({ kind: 'urlFile', urlFile: `https://${BUCKET}.cos.x.example/list.txt` })
  await run()
  expect((await objectsOf(id)).sort()).toEqual(['a.mp4', 'b c.mp4', 'd/e.mp4', 'f.mp4'])
})

test('an inventory job that cannot continue fails with the reason', {
  tags: ['inventory-fails'],
}, async () => {
  await write('wrong.txt', 'a.mp4\n../b.mp4\n')
  for (const [source, library, code, message] of [
    [{ kind: 'urlFile', urlFile: 'none.txt' }, dnaDbId, 'ResourceNotFound', 'none.txt'],
    [{ kind: 'urlFile', urlFile: 'wrong.txt' }, dnaDbId, 'InvalidArgument', 'Line 2 of wrong.txt'],
    [{ kind: 'urlFile', urlFile: 'https://%' }, dnaDbId, 'InvalidArgument', 'https://%'],
    [{ kind: 'object', object: 'a.mp4' }, 'Db0', 'InvalidArgument', 'Db0'],
  ] as const) {
    const id = await start(source, library)
    await run()
    const failed = await get(id)
    expect(failed).toMatchObject({ state: 'Failed', code, submitted: 0 })
    expect(failed?.message).toContain(message)
  }
})

test('an inventory job waits while its key may submit no more', { tags: ['inventory-waits'] }, async () => {
  const id = await start({ kind: 'prefix', prefix: 'many/' })
  await run(100)
  expect(await get(id)).toMatchObject({ state: 'Running', submitted: 0 })
  await dueNow(id)
  await run(0)
  expect(await get(id)).toMatchObject({ submitted: 205 })
})

const COLUMNS = 'AppID, Bucket, Key, Size, LastModifiedDate, IsLatest, IsDeleteMarker'
/** Writes the data files of an inventory and its manifest. Returns its job's source. */
async function writeInventory(files: Readonly<Record<string, string | Buffer>>): Promise<Source> {
  for (const [name, content] of Object.entries(files)) await write(name, content)
  const manifest = {
    sourceAppid: '125',
    sourceBucket: BUCKET,
    destinationBucket: `qcs::cos:local::${BUCKET}`,
    fileFormat: 'CSV',
    listObjectCount: '3',
    fileSchema: COLUMNS,
    files: Object.keys(files).map((key) => ({ key, size: '1', MD5checksum: 'f1' })),
  }
  await write('i/manifest.json', JSON.stringify(manifest))
  return { kind: 'manifest', manifest: `https://${BUCKET}.cos.local.example/i/manifest.json` }
}
const row = (key: string, { changed = '2026-01-02T00:00:00Z', isLatest = true, isDeleted = false } = {}) =>
  `"125","${BUCKET}","${key}","7","${changed}","${isLatest}","${isDeleted}"\n`

test('an inventory job of a manifest submits the objects that its files list', {
  tags: ['inventory-manifest'],
}, async () => {
  const many = Array.from({ length: 1500 }, (_, n) => row(`m/${n}.mp4`, { isLatest: n > 1490 })).join('')
  const source = await writeInventory({
    'i/data/1.csv.gz': gzipSync(many),
    'i/data/2.csv.gz': gzipSync(''),
    'i/data/3.csv': `${row('%E7%94%B5+a%2Bb.mp4')}\r\n${row('folder/')}${row('gone.mp4', { isDeleted: true })}${row('old.mp4', { changed: '2025-01-01T00:00:00Z' })}`,
  })
  const recent = ['1491', '1492', '1493', '1494', '1495', '1496', '1497', '1498', '1499'].map(
    (n) => `m/${n}.mp4`,
  )
  const id = await start(source, dnaDbId, '2026-01-01T00:00:00Z')
  await run()
  expect(await objectsOf(id)).toEqual([...recent, '电 a+b.mp4'])
  await endJobs(id, 'Success')
  await dueNow(id)
  await run()
  expect(await get(id)).toMatchObject({ state: 'Success', submitted: 10 })
})

test('an inventory job of a hostile manifest or data file fails with the reason', {
  tags: ['inventory-hostile'],
}, async () => {
  const packed = gzipSync(row('a.mp4'))
  for (const [files, code, message] of [
    [{ 'x.csv.gz': gzipSync(Buffer.alloc(50_000_000, 'a')) }, 'ResourceNotSupported', 'Line 1 of x.csv.gz'],
    [{ 'x.csv.gz': packed.subarray(0, packed.length - 9) }, 'InvalidArgument', 'x.csv.gz is not a complete'],
    [{ 'x.csv.gz': 'no gzip' }, 'InvalidArgument', 'x.csv.gz is not a complete'],
    [{ 'x.csv': '"a\n' }, 'InvalidArgument', 'Line 1 of x.csv does not have the columns'],
    [{ 'x.csv': 'a\n' }, 'InvalidArgument', 'Line 1 of x.csv does not have the columns'],
    [{ 'x.csv': `${row('a')}${row('..%2Fb')}` }, 'InvalidArgument', 'Line 2 of x.csv is not the name'],
    [{ 'x.csv': row('%ff') }, 'InvalidArgument', 'Line 1 of x.csv is not the name'],
    [{ 'x.csv': row('a', { changed: 'soon' }) }, 'InvalidArgument', 'no LastModifiedDate'],
  ] as const) {
    const id = await start(await writeInventory(files), dnaDbId, '2026-01-01T00:00:00Z')
    await run()
    const failed = await get(id)
    expect(failed, message).toMatchObject({ state: 'Failed', code, submitted: 0 })
    expect(failed?.message).toContain(message)
  }
  for (const [text, code] of [
    ['', 'InvalidArgument'],
    [`{"files":[],"x":"${'y'.repeat(1_048_576)}"}`, 'ResourceNotSupported'],
    [
      JSON.stringify({
        sourceBucket: BUCKET,
        fileFormat: 'CSV',
        fileSchema: 'Key',
        files: [{ key: '../x' }],
      }),
      'InvalidArgument',
    ],
  ] as const) {
    await write('i/manifest.json', text)
    const id = await start({ kind: 'manifest', manifest: 'i/manifest.json' })
    await run()
    expect(await get(id)).toMatchObject({ state: 'Failed', code, submitted: 0 })
  }
})
