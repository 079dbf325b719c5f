import { type Page, type PageBounds, pageOf, pageWindow, type Role } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'

/** Who makes a change: the holder of the admin token, a person, or a command on a database without a server. */
export type Actor = {
  readonly kind: 'token' | 'user' | 'command'
  /** The id of the person; null for the others. */
  readonly id: string | null
  readonly name: string | null
  readonly role: Role
}

/** Who the audit log names: also an API key of the compatible API, the token of /hma, or a worker. They have no role. */
export type AuditActor =
  | Actor
  | {
      readonly kind: 'key' | 'hma' | 'worker'
      /** The SecretId of a key. */
      readonly id: string | null
      readonly name: string | null
      readonly role: null
    }

export type NewAuditEntry = {
  readonly actor: AuditActor
  /** The address that the request came from; null for a command. */
  readonly address: string | null
  readonly requestId: string | null
  /** The name of the admin route. */
  readonly action: string
  /** The id of what changed. */
  readonly subject: string | null
  /** The fields that changed. Must not contain secrets. */
  readonly before: object | null
  readonly after: object | null
}

export type AuditEntry = NewAuditEntry & { readonly auditId: number; readonly at: Date }

export type AuditFilter = {
  readonly action?: string | undefined
  readonly subject?: string | undefined
  /** The id of a person, or a name. */
  readonly who?: string | undefined
  readonly from?: string | undefined
  /** Exclusive. */
  readonly to?: string | undefined
}

/** Appends an entry. Pass the client of the transaction that makes the change, so that neither exists without the other. */
export async function recordAudit(client: Queryable, entry: NewAuditEntry): Promise<void> {
  const { actor, before, after } = entry
  await client.query(
    `insert into audit_log (actor_kind, actor_id, actor_name, actor_role, address, request_id, action, subject, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      actor.kind,
      actor.id,
      actor.name,
      actor.role,
      entry.address,
      entry.requestId,
      entry.action,
      entry.subject,
      before === null ? null : JSON.stringify(before),
      after === null ? null : JSON.stringify(after),
    ],
  )
}

const COLUMNS = `audit_id::float8 as "auditId", at, address, request_id as "requestId", action, subject, before, after,
  json_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name, 'role', actor_role) as actor`

const CONDITIONS = `($1::text is null or action = $1) and ($2::text is null or subject = $2)
  and ($3::text is null or actor_id = $3 or actor_name = $3)
  and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)`

function valuesOf({ action, subject, who, from, to }: AuditFilter): unknown[] {
  return [action ?? null, subject ?? null, who ?? null, from ?? null, to ?? null]
}

/** Entries that match all filters, newest first. */
export async function listAudit(db: Database, filter: AuditFilter & PageBounds): Promise<Page<AuditEntry>> {
  const { limit, offset } = pageWindow(filter)
  const values = valuesOf(filter)
  const { rows } = await db.pool.query<AuditEntry>(
    `select ${COLUMNS} from audit_log where ${CONDITIONS} order by audit_id desc limit $6 offset $7`,
    [...values, limit, offset],
  )
  const counted = await db.pool.query<{ total: number }>(
    `select count(*)::float8 as total from audit_log where ${CONDITIONS}`,
    values,
  )
  return pageOf(rows, { filter, total: counted.rows[0]?.total ?? 0 })
}

const BATCH = 500

/** Yields all entries that match the filters, oldest first, in batches. Entries added meanwhile are included. */
export async function* readAudit(db: Database, filter: AuditFilter): AsyncGenerator<readonly AuditEntry[]> {
  for (let after = 0; ; ) {
    const { rows } = await db.pool.query<AuditEntry>(
      `select ${COLUMNS} from audit_log where ${CONDITIONS} and audit_id > $6 order by audit_id limit ${BATCH}`,
      [...valuesOf(filter), after],
    )
    if (rows.length > 0) yield rows
    if (rows.length < BATCH) return
    after = rows.at(-1)?.auditId ?? after
  }
}
