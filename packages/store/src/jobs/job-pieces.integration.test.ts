import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { newJob } from '../samples.fixture.ts'
import { claimJob } from './claim-job.ts'
import { failJob } from './finish-job.ts'
import { loadJobPieces, saveJobPiece } from './job-pieces.ts'
import { releaseJob } from './lease.ts'

describe.each(backends)('pieces of a job on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const take = async (jobId: string) => {
    const taken = await claimJob(database.db, { jobId, workerId: 'w', leaseMs: 60_000 })
    if (taken.kind !== 'run') throw new Error(`The job was not claimed: ${taken.kind}.`)
    return taken.fence
  }

  test('they are kept by kind until the job ends, and a worker that lost the job adds none', async () => {
    const { db } = database
    const { jobId } = await newJob(db, 'Db1')
    const first = await take(jobId)
    const piece = { kind: 'etag ingest', index: 1, data: Uint8Array.from([1, 2, 3]) }
    await saveJobPiece(db, first, { ...piece, index: 0 })
    await saveJobPiece(db, first, piece)
    await saveJobPiece(db, first, piece)
    await releaseJob(db, first)
    const second = await take(jobId)
    await saveJobPiece(db, first, { ...piece, index: 2 })
    const kept = await loadJobPieces(db, { jobId, kind: 'etag ingest' })
    expect(kept.map(({ index, data }) => [index, [...data]])).toEqual([
      [0, [1, 2, 3]],
      [1, [1, 2, 3]],
    ])
    expect(await loadJobPieces(db, { jobId, kind: 'other ingest' })).toEqual([])
    await failJob(db, second, { code: 'InternalError', message: 'A bug.', cause: null })
    expect(await loadJobPieces(db, { jobId, kind: 'etag ingest' })).toEqual([])
  })
})
