import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'
import { eventBody, listedMatchBody, matchBody, noteBody } from './match-bodies.ts'
import { keptOfMatch } from './match-files.ts'
import { withRanges } from './number-ranges.ts'

type Db = Pick<AdminContext, 'db'>
type Id = { readonly matchId: string }

/** How many events a match shows with it. */
const HISTORY_SIZE = 100
/** How many ids of undone decisions are returned. */
const UNDONE_IDS = 1000

export async function listMatches(
  { db }: Db,
  { query: { dayStart, ...filter } }: JsonRequest<'listMatches'>,
): Answer<'listMatches'> {
  const query = withRanges(filter)
  const page = await store.listMatches(db, query)
  const since = dayStart === undefined ? startOfDay() : new Date(dayStart)
  const { library, videoId, jobId, group } = query
  const { decided, ...counts } = await store.countMatches(db, { library, videoId, jobId, since })
  const items = page.items.map(({ grouped, ...match }) =>
    listedMatchBody(match, group === undefined || grouped === null ? null : { by: group, matches: grouped }),
  )
  return { ...page, items, counts, decidedToday: decided }
}

function startOfDay(): Date {
  const now = new Date()
  now.setUTCHours(0, 0, 0, 0)
  return now
}

export async function getMatch(
  context: Db & Pick<AdminContext, 'objects' | 'thumbnailsDir'>,
  { params }: JsonRequest<'getMatch'>,
): Answer<'getMatch'> {
  const { db } = context
  const match = await findMatch(db, params)
  const [history, kept] = await Promise.all([
    store.listMatchEvents(db, match.matchId, { pageSize: HISTORY_SIZE }),
    keptOfMatch(context, match),
  ])
  return {
    ...matchBody(match),
    ...kept,
    sameQueryObjects: await store.sameQueryObjects(db, match),
    history: history.items.map(eventBody),
    related: (await store.relatedMatches(db, match)).map((one) => ({
      ...listedMatchBody(one),
      passages: [],
    })),
  }
}

export async function getMatchNeighbours(
  { db }: Db,
  { params, query }: JsonRequest<'getMatchNeighbours'>,
): Answer<'getMatchNeighbours'> {
  const { matchId } = await findMatch(db, params)
  return store.findNeighbours(db, matchId, withRanges(query))
}

export async function decideMatch(
  { db }: Db,
  { params, body, by }: JsonRequest<'decideMatch'>,
): Answer<'decideMatch'> {
  const batchId = (await store.decideMatch(db, params.matchId, { ...body, by })) ?? missing(params)
  return { batchId, match: listedMatchBody(await findMatch(db, params)) }
}

export async function decideMatches(
  { db }: Db,
  { body, by }: JsonRequest<'decideMatches'>,
): Answer<'decideMatches'> {
  const { ids, filter = {}, expected = 0, ...decision } = body
  return ids === undefined
    ? store.decideFiltered(db, { ...decision, by, filter: withRanges(filter), expected })
    : store.decideMatches(db, ids, { ...decision, by })
}

export async function undoDecisions(
  { db }: Db,
  { params: { batchId }, by }: JsonRequest<'undoDecisions'>,
): Answer<'undoDecisions'> {
  const undone = await store.undoDecisions(db, batchId, { by })
  if (undone === null) throw new Fault('NotFound', `There are no decisions ${batchId}.`)
  const { matchIds, skipped } = undone
  return { undone: matchIds.length, skipped, matchIds: matchIds.slice(0, UNDONE_IDS) }
}

export async function listMatchHistory(
  { db }: Db,
  { params, query }: JsonRequest<'listMatchHistory'>,
): Answer<'listMatchHistory'> {
  const { matchId } = await findMatch(db, params)
  const page = await store.listMatchEvents(db, matchId, query)
  return { ...page, items: page.items.map(eventBody) }
}

export async function listMatchNotes(
  { db }: Db,
  { params, query }: JsonRequest<'listMatchNotes'>,
): Answer<'listMatchNotes'> {
  const { matchId } = await findMatch(db, params)
  const page = await store.listMatchNotes(db, matchId, query)
  return { ...page, items: page.items.map(noteBody) }
}

export async function addMatchNote(
  { db }: Db,
  { params, body, by }: JsonRequest<'addMatchNote'>,
): Answer<'addMatchNote'> {
  const note = await store.addMatchNote(db, params.matchId, { ...body, by })
  return noteBody(note ?? missing(params))
}

export async function suggestMatches(
  { db }: Db,
  { query }: JsonRequest<'suggestMatches'>,
): Answer<'suggestMatches'> {
  const found = await store.suggestStretches(db, query)
  return { items: found.map(({ matchId, ...suggestion }) => ({ ...suggestion, exampleMatchId: matchId })) }
}

async function findMatch(db: AdminContext['db'], { matchId }: Id): Promise<store.Match> {
  const [match] = await store.getMatches(db, [matchId])
  return match ?? missing({ matchId })
}

function missing({ matchId }: Id): never {
  throw new Fault('NotFound', `Match ${matchId} does not exist.`)
}
