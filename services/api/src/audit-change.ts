import { type AuditActor, type Database, recordAudit } from '@kinoprint/store'
import type { Request } from 'express'
import { changeOf } from './admin/audit/shorten.ts'
import { clientAddress } from './http/client-address.ts'
import { scopeOf } from './http/request-scope.ts'

type Change = {
  readonly actor: AuditActor
  /** The name of the admin route that makes such a change. */
  readonly action: string
  readonly subject: string
  readonly before?: object | null | undefined
  readonly after?: object | null | undefined
}

/** Records a change that a request makes outside the table of admin routes. */
export function auditChange(
  db: Database,
  req: Request,
  { actor, action, subject, before, after }: Change,
): Promise<void> {
  return recordAudit(db.pool, {
    ...{ actor, action, subject, ...changeOf(before, after) },
    ...{ address: clientAddress(req), requestId: scopeOf(req).requestId },
  })
}

/** An API key as the one who makes a change. */
export function keyActor({
  secretId,
  name,
}: {
  readonly secretId: string
  readonly name: string
}): AuditActor {
  return { kind: 'key', id: secretId, name, role: null }
}

/** The holder of the token of /hma. */
export const hmaActor: AuditActor = { kind: 'hma', id: null, name: null, role: null }
