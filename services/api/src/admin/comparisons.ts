import type { RouteAnswer } from '@kinoprint/contract'
import { Fault, newComparisonId } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { removeUpload, sourceOf } from './comparison-sources.ts'
import { sendEvidence } from './evidence.ts'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'
import { getObject, putObject } from './objects.ts'
import { hasThumbnails } from './thumbnails.ts'

type Context = Pick<AdminContext, 'db' | 'objects' | 'objectPresence' | 'thumbnailsDir'>
type ReadContext = Context & Pick<AdminContext, 'contentTypes'>

export async function createComparison(
  context: Context & { readonly settings: Pick<AdminContext['settings'], 'defaultBucket'> },
  { body }: JsonRequest<'createComparison'>,
): Answer<'createComparison'> {
  const comparisonId = newComparisonId()
  const source = (side: store.ComparisonSideName) => sourceOf(context, body[side], { comparisonId, side })
  const [query, reference] = await Promise.all([source('query'), source('reference')])
  return comparisonBody(context, await store.createComparison(context.db, { comparisonId, query, reference }))
}

export async function listComparisons(
  context: Context,
  { query }: JsonRequest<'listComparisons'>,
): Answer<'listComparisons'> {
  const page = await store.listComparisons(context.db, query)
  return { ...page, items: await Promise.all(page.items.map((one) => comparisonBody(context, one))) }
}

export async function getComparison(
  context: Context,
  { params }: JsonRequest<'getComparison'>,
): Answer<'getComparison'> {
  return comparisonBody(context, await findComparison(context.db, params.comparisonId))
}

export async function deleteComparison(
  { db, objects }: Context,
  { params }: JsonRequest<'deleteComparison'>,
): Answer<'deleteComparison'> {
  const { comparisonId, query, reference } = await findComparison(db, params.comparisonId)
  await store.deleteComparison(db, comparisonId)
  for (const side of [query, reference]) if (side.source === 'upload') await removeUpload({ objects }, side)
  return undefined
}

export function putComparisonQuery(
  context: Context,
  request: ByteRequest<'putComparisonQuery'>,
): Answer<'putComparisonQuery'> {
  return receive(context, request, 'query')
}

export function putComparisonReference(
  context: Context,
  request: ByteRequest<'putComparisonReference'>,
): Answer<'putComparisonReference'> {
  return receive(context, request, 'reference')
}

export function getComparisonQuery(
  context: ReadContext,
  request: ByteRequest<'getComparisonQuery'>,
): Answer<'getComparisonQuery'> {
  return send(context, request, 'query')
}

export function getComparisonReference(
  context: ReadContext,
  request: ByteRequest<'getComparisonReference'>,
): Answer<'getComparisonReference'> {
  return send(context, request, 'reference')
}

export async function getComparisonEvidence(
  { db }: Context,
  { params: { comparisonId }, query, req, res }: ByteRequest<'getComparisonEvidence'>,
): Answer<'getComparisonEvidence'> {
  const stored = await store.readComparisonEvidence(db, comparisonId)
  if (stored === undefined) throw missing(comparisonId)
  if (stored === null)
    throw new Fault('NotFound', 'The comparison has no evidence yet. Ask again when its state is Success.')
  await sendEvidence({ query, req, res }, stored)
}

async function receive(
  context: Context,
  request: ByteRequest<'putComparisonQuery'>,
  side: store.ComparisonSideName,
): Promise<RouteAnswer<'getComparison'>> {
  const { comparisonId } = request.params
  const { state, [side]: source } = await findComparison(context.db, comparisonId)
  if (source.source !== 'upload')
    throw new Fault('Conflict', `The ${side} of this comparison is not an upload.`)
  if (state !== 'Uploading') throw hasStarted()
  const { bucket, object } = source
  await putObject(context, { ...request, params: { bucket, object } })
  const comparison = await store.recordUpload(context.db, { comparisonId, side })
  if (comparison !== null) return comparisonBody(context, comparison)
  // Its hour ended during the upload, or another upload of this side started it.
  if ((await store.getComparison(context.db, comparisonId)) === null) {
    await removeUpload(context, source)
    throw missing(comparisonId)
  }
  throw hasStarted()
}

function hasStarted(): Fault {
  return new Fault('Conflict', 'The comparison has started. Create another one for other videos.')
}

async function send(
  context: ReadContext,
  request: ByteRequest<'getComparisonQuery'>,
  side: store.ComparisonSideName,
): Promise<void> {
  const { bucket, object } = (await findComparison(context.db, request.params.comparisonId))[side]
  await getObject(context, { ...request, params: { bucket, object } })
}

async function findComparison(db: AdminContext['db'], comparisonId: string): Promise<store.Comparison> {
  const comparison = await store.getComparison(db, comparisonId)
  if (comparison === null) throw missing(comparisonId)
  return comparison
}

function missing(comparisonId: string): Fault {
  const why = 'It never existed, or its hour is over.'
  return new Fault('NotFound', `Comparison ${comparisonId} does not exist. ${why}`)
}

async function comparisonBody(
  context: Context,
  { queryReading, referenceReading, ...comparison }: store.Comparison,
): Promise<RouteAnswer<'getComparison'>> {
  const { state, createdAt, startedAt, endedAt, expiresAt } = comparison
  const [query, reference] = await Promise.all([
    sideBody(context, { source: comparison.query, reading: queryReading, state }),
    sideBody(context, { source: comparison.reference, reading: referenceReading, state }),
  ])
  return {
    ...comparison,
    query,
    reference,
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    expiresAt: expiresAt.toISOString(),
  }
}

type ReadSide = {
  readonly source: store.ComparisonSource
  readonly reading: store.ComparisonReading
  readonly state: store.Comparison['state']
}

async function sideBody(
  context: Context,
  { source: { isThere, ...source }, reading, state }: ReadSide,
): Promise<RouteAnswer<'getComparison'>['query']> {
  const isRead = reading.durationSeconds !== null
  const [isGone = null] = isThere ? await context.objectPresence.areGone([source]) : []
  return {
    ...source,
    ...reading,
    state: isRead ? 'Read' : state === 'Running' ? 'Reading' : 'Waiting',
    file: isGone === null ? 'unknown' : isGone ? 'gone' : 'there',
    thumbnails: source.videoId !== null && (await hasThumbnails(context, source.videoId)),
  }
}
