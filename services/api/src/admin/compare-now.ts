import { setTimeout as delay } from 'node:timers/promises'
import type { RouteAnswer } from '@kinoprint/contract'
import { Fault, type FaultCode, faultTable, newComparisonId } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { copyFromUrl } from '../objects/copy-from-url.ts'
import { removeUpload, sourceOf } from './comparison-sources.ts'
import type { AdminContext, ExchangeRequest } from './handler.ts'

type Context = Pick<AdminContext, 'db' | 'objects' | 'comparing' | 'stopping'> & {
  readonly settings: Pick<AdminContext['settings'], 'defaultBucket' | 'inputUrlAllow'>
}
type Body = ExchangeRequest<'compare'>['body']

const POLL_MS = 200

export type CompareNow = {
  readonly body: Body
  /** For the limit by client. */
  readonly client: string
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
}

/**
 * Compares as a worker does for POST /admin/comparisons, waits for the end, and deletes the comparison.
 *
 * @throws Fault ServiceUnavailable if it takes longer than `timeoutSeconds`, SlowDown if too many are running, or the
 * fault of a side, whose message names it.
 */
export function compareNow(
  context: Context,
  { body, client, signal }: CompareNow,
): Promise<RouteAnswer<'compare'>> {
  return context.comparing.run(client, async () => {
    const timeout = AbortSignal.timeout(1000 * body.timeoutSeconds)
    const signals = [signal, timeout, ...(context.stopping ? [context.stopping] : [])]
    const limited = AbortSignal.any(signals)
    let comparison: store.Comparison | null = null
    try {
      const created = await create(context, body)
      comparison = created
      await Promise.all(
        (['query', 'reference'] as const).map((side) =>
          download(context, { body, side, comparison: created, limited }),
        ),
      )
      return resultOf(await ended(context, created.comparisonId, limited))
    } catch (error) {
      if (!limited.aborted) throw error
      if (timeout.aborted) throw await tooLong(context, comparison, body.timeoutSeconds)
      throw new Fault('Cancelled', 'The comparison was stopped.', { cause: error })
    } finally {
      if (comparison !== null) await remove(context, comparison)
    }
  })
}

async function create(context: Context, body: Body): Promise<store.Comparison> {
  const comparisonId = newComparisonId()
  const source = (side: store.ComparisonSideName) => {
    const given = body[side]
    const asSource = 'url' in given ? ({ upload: true, name: nameOf(given.url) } as const) : given
    return sourceOf(context, asSource, { comparisonId, side })
  }
  const [query, reference] = await Promise.all([source('query'), source('reference')])
  return store.createComparison(context.db, { comparisonId, query, reference })
}

/** Without the query, which may be a signature. */
function nameOf(url: string): string {
  const { host, pathname } = new URL(url)
  return pathname.split('/').at(-1) || host
}

type Download = {
  readonly body: Body
  readonly side: store.ComparisonSideName
  readonly comparison: store.Comparison
  readonly limited: AbortSignal
}

/** Copies a video from its address to where the worker reads it. */
async function download(
  context: Context,
  { body, side, comparison, limited: signal }: Download,
): Promise<void> {
  const given = body[side]
  if (!('url' in given)) return
  const { bucket, object } = comparison[side]
  try {
    await copyFromUrl(context, { url: given.url, bucket, object, signal })
  } catch (error) {
    throw error instanceof Fault
      ? new Fault(error.code, `The ${side}: ${error.message}`, { cause: error })
      : error
  }
  await store.recordUpload(context.db, { comparisonId: comparison.comparisonId, side })
}

async function ended({ db }: Context, comparisonId: string, signal: AbortSignal): Promise<store.Comparison> {
  for (;;) {
    const comparison = await store.getComparison(db, comparisonId)
    if (comparison === null) throw new Fault('NotFound', 'The comparison was deleted by another request.')
    if (comparison.endedAt !== null) return comparison
    await delay(POLL_MS, undefined, { signal })
  }
}

function resultOf({ result, error, ...comparison }: store.Comparison): RouteAnswer<'compare'> {
  if (result === null) {
    const { code = 'InternalError', message = 'The comparison failed.', side = null } = error ?? {}
    const known = Object.hasOwn(faultTable, code) ? (code as FaultCode) : 'InternalError'
    throw new Fault(known, side === null ? message : `The ${side}: ${message}`)
  }
  const { queryReading, referenceReading } = comparison
  return {
    ...result,
    queryDuration: queryReading.durationSeconds ?? 0,
    refDuration: referenceReading.durationSeconds ?? 0,
  }
}

async function tooLong(
  { db }: Context,
  comparison: store.Comparison | null,
  timeoutSeconds: number,
): Promise<Fault> {
  const now = comparison === null ? null : await store.getComparison(db, comparison.comparisonId)
  const what =
    now?.state === 'Waiting'
      ? 'No worker was free for the comparison within'
      : 'The comparison did not end within'
  const cure = 'Raise timeoutSeconds, or use POST /admin/comparisons, which has no limit.'
  return new Fault('ServiceUnavailable', `${what} ${timeoutSeconds} s. ${cure}`)
}

/** Deleting it stops the worker that runs it. What cannot be removed is removed after its hour. */
async function remove(context: Context, comparison: store.Comparison): Promise<void> {
  await store.deleteComparison(context.db, comparison.comparisonId)
  for (const side of [comparison.query, comparison.reference])
    if (side.source === 'upload') await removeUpload(context, side)
}
