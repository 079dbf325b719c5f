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
async function start(source: Source, library = dnaDbId): Promise<string> {
  const request = {
    name: 'all',
    source,
    ruleType: 'FindSimilarVideo',
    dnaDbId: library,
    jobLevel: 0,
  } as const
  const where = { bucket: BUCKET, region: 'local', secretId: 'AKID' }
  return (await createInventoryJob(harness.db, { ...where, request })).inventoryJobId
}
async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
const write = (object: string, text = 'x') => harness.objects.write(BUCKET, object, chunksOf(text))
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
