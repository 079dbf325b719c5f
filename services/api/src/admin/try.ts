import { randomUUID } from 'node:crypto'
import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { checkObjectName } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { removeSample } from '../samples/remove-sample.ts'
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

export async function deleteTry(context: Context & Pick<AdminContext, 'thumbnailsDir'>): Answer<'deleteTry'> {
  const { db } = context
  const run = await findRun(db)
  const videoIds = (await store.deleteLibrary(db, run.dnaDbId, { force: true })) ?? []
  await dropThumbnails(context, videoIds)
  await removeSample(context, run)
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
