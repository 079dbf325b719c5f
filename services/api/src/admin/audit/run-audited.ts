import type { AdminRouteName } from '@kinoprint/contract'
import { type Actor, type Database, inTransaction, recordAudit } from '@kinoprint/store'
import { auditedRoutes } from './audited-routes.ts'
import { changeOf } from './shorten.ts'

/** Where a change comes from. */
type ChangeOrigin = {
  readonly actor: Actor
  readonly address: string | null
  readonly requestId: string | null
}

/** A request after validation. */
type Request = {
  readonly params: Readonly<Record<string, string>>
  readonly query?: unknown
  readonly body?: unknown
}

type AnyAudited = {
  readonly subject?: (request: Request, answer: unknown) => string
  readonly before?: (db: Database, params: Request['params']) => Promise<object | null | undefined>
  readonly after?: (request: Request, answer: unknown) => object | null | undefined
  readonly changesNothing?: (request: Request) => boolean
  readonly isOutside?: true
}

export type AuditedCall = {
  readonly name: AdminRouteName
  readonly request: Request
  readonly origin: ChangeOrigin
  /** Calls the handler of the route with this database. */
  readonly run: (db: Database) => Promise<unknown>
}

/** Runs the handler of a route, and records what it changes in the same transaction. */
export function runAudited(db: Database, call: AuditedCall): Promise<unknown> {
  const { name, request, run } = call
  const routes: Readonly<Record<string, unknown>> = auditedRoutes
  const audited = (routes[name] ?? null) as AnyAudited | null
  if (audited === null || audited.changesNothing?.(request) === true) return run(db)
  return audited.isOutside === true
    ? record(db, audited, call)
    : inTransaction(db, (bound) => record(bound, audited, call))
}

async function record(
  db: Database,
  { subject, before, after }: AnyAudited,
  { name, request, origin, run }: AuditedCall,
): Promise<unknown> {
  const { params, body } = request
  const old = await before?.(db, params)
  const answer = await run(db)
  await recordAudit(db.pool, {
    ...origin,
    action: name,
    subject: subject?.(request, answer) ?? Object.values(params).at(-1) ?? null,
    ...changeOf(old, after === undefined ? (body as object | undefined) : after(request, answer)),
  })
  return answer
}
