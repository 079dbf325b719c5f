import type { RouteRequest } from '@kinoprint/contract'
import { csvOf, Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>
type Query = RouteRequest<'getUsage'>['query']

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
/** Of the CSV file. */
const columns = [
  ...(['day', 'secretId', 'dnaDbId', 'ruleType', 'jobs', 'failed'] as const),
  ...(['storedMinutes', 'searchedMinutes', 'billedMinutes', 'matches'] as const),
]

export async function getUsage({ db }: Db, { query }: JsonRequest<'getUsage'>): Answer<'getUsage'> {
  const request = requestOf(query)
  return { ...request, ...(await store.readUsage(db, request)) }
}

/** Sends the rows as CSV (RFC 4180). */
export async function getUsageCsv(
  { db }: Db,
  { query, res }: ByteRequest<'getUsageCsv'>,
): Answer<'getUsageCsv'> {
  const request = requestOf(query)
  const { rows } = await store.readUsage(db, request)
  const lines = rows.map((row) =>
    columns.map((column) => (column.endsWith('Minutes') ? Number(row[column]).toFixed(3) : row[column])),
  )
  const body = Buffer.from(csvOf([columns, ...lines]))
  res.writeHead(200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="kinoprint-usage-${request.from}-${request.to}.csv"`,
    'Content-Length': body.length,
  })
  res.end(body)
}

function requestOf({ from, to, by }: Query): store.UsageRequest {
  const last = to ?? new Date().toISOString().slice(0, 10)
  const first = from ?? new Date(Date.parse(last) - (DEFAULT_DAYS - 1) * DAY_MS).toISOString().slice(0, 10)
  if (first > last) throw new Fault('InvalidArgument', 'from must not be after to.')
  return { from: first, to: last, by }
}
