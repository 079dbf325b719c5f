import { Fault } from '@kinoprint/core'
import { evidenceJson, readEvidence, readZoomedDots, type StoredEvidence } from '@kinoprint/store'
import pLimit from 'p-limit'
import { send, sendNotModified } from '../http/send.ts'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'

/** Sends stored evidence. Nothing of it is computed: at most, the dots of a range are cut out. */
export async function getMatchEvidence(
  { db }: Pick<AdminContext, 'db'>,
  { params: { matchId }, query, req, res }: ByteRequest<'getMatchEvidence'>,
): Answer<'getMatchEvidence'> {
  await sendEvidence({ query, req, res }, await evidenceOf(db, matchId))
}

/** Windows that are computed at the same time. Each keeps two decoded fingerprints in memory. */
const zooming = pLimit(1)

/** The dots of a window that a viewer zooms to. */
export async function getMatchDots(
  { db }: Pick<AdminContext, 'db'>,
  { params: { matchId }, query }: JsonRequest<'getMatchDots'>,
): Answer<'getMatchDots'> {
  const stored = await evidenceOf(db, matchId)
  return zooming(() => readZoomedDots(db, { matchId, stored }, query))
}

async function evidenceOf(db: AdminContext['db'], matchId: string): Promise<StoredEvidence> {
  const stored = await readEvidence(db, matchId)
  if (stored === undefined) throw new Fault('NotFound', `Match ${matchId} does not exist.`)
  if (stored === null)
    throw new Fault(
      'ResourceNotFound',
      `No evidence of match ${matchId} is kept. Search again with its query to write it.`,
    )
  return stored
}

type EvidenceRequest = Pick<ByteRequest<'getMatchEvidence'>, 'query' | 'req' | 'res'>

/** Sends evidence as it is stored, if a part is requested with the dots of that part. */
export async function sendEvidence(
  { query, req, res }: EvidenceRequest,
  stored: StoredEvidence,
): Promise<void> {
  // A new search writes other evidence, so browsers ask whether theirs is current.
  res.setHeader('Cache-Control', 'private, no-cache')
  res.setHeader('Vary', 'Accept-Encoding')
  const { columns, from, to } = query
  const isPart = columns !== undefined || from !== undefined || to !== undefined
  res.setHeader('ETag', `"${stored.writtenAt.getTime()}-${columns ?? ''}-${from ?? ''}-${to ?? ''}"`)
  if (req.fresh) return sendNotModified(res)
  const contentType = 'application/json; charset=utf-8'
  if (!isPart && req.acceptsEncodings('gzip') === 'gzip') {
    res.setHeader('Content-Encoding', 'gzip')
    send(res, { status: 200, contentType, body: stored.data })
    return
  }
  send(res, { status: 200, contentType, body: await evidenceJson(stored, isPart ? query : undefined) })
}
