import { once } from 'node:events'
import { type CsvCell, csvOf } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from '../handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listAudit({ db }: Db, { query }: JsonRequest<'listAudit'>): Answer<'listAudit'> {
  const page = await store.listAudit(db, query)
  return { ...page, items: page.items.map(entryBody) }
}

const contentTypes = { jsonl: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const

const CSV_COLUMNS = [
  ...['auditId', 'at', 'actorKind', 'actorId', 'actorName', 'actorRole', 'address', 'requestId'],
  ...['action', 'subject', 'before', 'after'],
]

/** Sends the log while it is read, so that its length does not matter. */
export async function exportAudit(
  { db }: Db,
  { query: { format, ...filter }, res }: ByteRequest<'exportAudit'>,
): Answer<'exportAudit'> {
  const batches = store.readAudit(db, filter)
  // Before the headers, so that a failure is an error response.
  let next = await batches.next()
  res.setHeader('Content-Type', contentTypes[format])
  res.setHeader('Content-Disposition', `attachment; filename="audit.${format}"`)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  if (format === 'csv') res.write(csvOf([CSV_COLUMNS]))
  for (; next.done !== true; next = await batches.next()) {
    const entries = next.value.map(entryBody)
    const text =
      format === 'csv'
        ? csvOf(entries.map(csvRow))
        : entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    if (!res.write(text) && !res.destroyed) await Promise.race([once(res, 'drain'), once(res, 'close')])
    if (res.destroyed) return
  }
  res.end()
}

type EntryBody = Omit<store.AuditEntry, 'at' | 'before' | 'after'> & {
  readonly at: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

function entryBody({ at, before, after, ...entry }: store.AuditEntry): EntryBody {
  return { ...entry, at: at.toISOString(), before: before && { ...before }, after: after && { ...after } }
}

function csvRow({ actor, ...entry }: EntryBody): CsvCell[] {
  const json = (fields: object | null) => (fields === null ? null : JSON.stringify(fields))
  return [
    ...[entry.auditId, entry.at, actor.kind, actor.id, actor.name, actor.role],
    ...[entry.address, entry.requestId, entry.action, entry.subject, json(entry.before), json(entry.after)],
  ]
}
