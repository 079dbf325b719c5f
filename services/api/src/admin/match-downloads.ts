import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { Response } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { send } from '../http/send.ts'
import type { AdminContext, Answer, ByteRequest } from './handler.ts'
import { matchBody } from './match-bodies.ts'
import { matchesCsv } from './match-exports/csv.ts'
import { matchEdl } from './match-exports/edl.ts'
import { readReport } from './match-exports/read-report.ts'
import { matchReport } from './match-exports/report.ts'
import { getMatch } from './matches.ts'
import { withRanges } from './number-ranges.ts'

type Db = Pick<AdminContext, 'db'>

/** The most matches in one file, and how many are read at a time. */
const EXPORT_MAX = 10_000
const PAGE_SIZE = 100

const contentTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  edl: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const

export async function exportMatch(
  context: Parameters<typeof readReport>[0],
  { params, query: { format, fps, pictures }, req, res }: ByteRequest<'exportMatch'>,
): Answer<'exportMatch'> {
  const client = clientAddress(req)
  const match = await getMatch(context, { params, query: {}, body: {}, client, by: null })
  const writers = {
    json: () => JSON.stringify(match, null, 1),
    csv: () => matchesCsv([match]),
    edl: () => matchEdl(match, { fps }),
    html: async () => matchReport(await readReport(context, { match, pictures, client })),
  }
  sendFile(res, { name: match.matchId, format, body: await writers[format]() })
}

export async function exportMatches(
  { db }: Db,
  { query: { format, ...filter }, res }: ByteRequest<'exportMatches'>,
): Answer<'exportMatches'> {
  const query = { ...withRanges(filter), pageSize: PAGE_SIZE }
  const matches: store.Match[] = []
  for (let page = 1; ; page++) {
    const { items, total } = await store.listMatches(db, { ...query, page })
    if (total > EXPORT_MAX) {
      const message = `The filter matches ${total} matches, and a file holds at most ${EXPORT_MAX}. Narrow the filter.`
      throw new Fault('Conflict', message)
    }
    matches.push(...items)
    if (items.length < PAGE_SIZE) break
  }
  const bodies = matches.map(matchBody)
  const body = format === 'csv' ? matchesCsv(bodies) : JSON.stringify(bodies, null, 1)
  sendFile(res, { name: 'matches', format, body })
}

type File = { readonly name: string; readonly format: keyof typeof contentTypes; readonly body: string }

function sendFile(res: Response, { name, format, body }: File): void {
  res.setHeader('Content-Disposition', `attachment; filename="${name}.${format}"`)
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
  )
  res.setHeader('X-Content-Type-Options', 'nosniff')
  send(res, { status: 200, contentType: contentTypes[format], body })
}
