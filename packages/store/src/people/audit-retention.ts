import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { type AuditActor, recordAudit } from './audit-log.ts'

const WORKER: AuditActor = { kind: 'worker', id: null, name: null, role: null }

/**
 * Deletes the entries of the audit log that are older than `olderThanDays` (0 keeps all), and records their number. Returns it.
 */
export async function purgeAudit(
  db: Database,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<number> {
  if (olderThanDays === 0) return 0
  return transaction(db, async (client) => {
    // Without this setting of the transaction, the database refuses to delete entries.
    await client.query(`select set_config('kinoprint.audit_retention_days', $1, true)`, [
      String(olderThanDays),
    ])
    const { rowCount } = await client.query(
      `delete from audit_log where at < clock_timestamp() - $1 * interval '1 day'`,
      [olderThanDays],
    )
    const entries = rowCount ?? 0
    if (entries > 0)
      await recordAudit(client, {
        actor: WORKER,
        address: null,
        requestId: null,
        action: 'purgeAudit',
        subject: null,
        before: null,
        after: { entries, olderThanDays },
      })
    return entries
  })
}
