import { randomUUID } from 'node:crypto'
import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { checkObjectName } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { runSample } from '../samples/run-sample.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'
import { dropThumbnails } from './thumbnails.ts'

type Context = Pick<AdminContext, 'db' | 'queue' | 'objects' | 'log' | 'pictures' | 'stopping'> & {
  readonly settings: Pick<AdminContext['settings'], 'defaultBucket' | 'defaultRegion'>
}

const LIBRARY = 'Try it'
/** Objects with this prefix go with the run. */
const PREFIX = 'try-it/'

/** Starts the run and answers before it ends. */
export async function startTry(context: Context, { body }: JsonRequest<'startTry'>): Answer<'startTry'> {
  const { db, objects, settings, pictures } = context
  if (pictures === undefined) throw new Fault('NotImplemented', 'This server has no ffmpeg.')
  const { bucket = settings.defaultBucket, object = null } = body
  if (object !== null) {
    checkObjectName(object)
    await objects.sizeOf(bucket, object)
  }
  if ((await store.getSampleRun(db)) !== null)
    throw new Fault('Conflict', 'A run exists already. Remove it with DELETE /admin/try first.')
  const { defaultRegion: region } = settings
  const { dnaDbId } = await store.createLibrary(db, { name: LIBRARY, bucket, region, detectOnStore: false })
  const steps = (['make', 'store', 'copy', 'search'] as const).map((name) => {
    return { name, state: 'waiting', startedAt: null, endedAt: null } as const
  })
  const madeObjects = object?.startsWith(PREFIX) ? [object] : []
  try {
    await store.createSampleRun(db, { dnaDbId, bucket, object, madeObjects, steps })
  } catch (error) {
    // Another request was faster.
    await store.deleteLibrary(db, dnaDbId)
    throw error
  }
  const run = await findRun(db)
  const folder = `${PREFIX}${randomUUID()}`
  void runSample({ ...context, pictures }, { run, region, folder }).catch((err: unknown) =>
    context.log.error({ err, dnaDbId }, 'Could not record how a sample run ended'),
  )
  return runBody(run)
}

export async function getTry({ db }: Pick<Context, 'db'>): Answer<'getTry'> {
  return runBody(await findRun(db))
}

/** A running step notices that its run is gone, and removes what it has just made. */
export async function deleteTry(context: Context & Pick<AdminContext, 'thumbnailsDir'>): Answer<'deleteTry'> {
  const { db, objects } = context
  const { dnaDbId, bucket, madeObjects, storeJobId, searchJobId } = await findRun(db)
  await store.cancelJobs(db, { dnaDbId, states: ['Submitted', 'Pause', 'Running'] })
  const videoIds = (await store.deleteLibrary(db, dnaDbId, { force: true })) ?? []
  await store.deleteSampleRun(db, dnaDbId)
  const jobIds = [storeJobId, searchJobId].filter((jobId) => jobId !== null)
  await dropThumbnails(context, [...videoIds, ...jobIds])
  for (const object of madeObjects)
    await objects.remove(bucket, object).catch((err: unknown) => {
      if (!(err instanceof Fault) || err.code !== 'ResourceNotFound') throw err
    })
  return undefined
}

async function findRun(db: Context['db']): Promise<store.SampleRun> {
  const run = await store.getSampleRun(db)
  if (run === null) throw new Fault('NotFound', 'There is no run. Start one with POST /admin/try.')
  return run
}

function runBody({ madeObjects: _, ...run }: store.SampleRun): RouteAnswer<'getTry'> {
  return { ...run, createdAt: run.createdAt.toISOString() }
}
