import { roles } from '@kinoprint/core'
import { z } from 'zod'
import { exampleIds, isoTime, pageOf, pageQuery, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const fieldsOf = z.record(z.string(), z.unknown())

const auditEntry = z
  .object({
    auditId: z.int(),
    at: isoTime,
    actor: z
      .object({
        kind: z.enum(['token', 'user', 'command', 'key', 'hma', 'worker']),
        id: z
          .string()
          .nullable()
          .describe('The id of the person or the SecretId of the key; null for the others.'),
        name: z.string().nullable().describe('The name at that time.'),
        role: z.enum(roles).nullable().describe('Null for a key, the token of /hma and a worker.'),
      })
      .describe(
        'The holder of the admin token, a person, a command on a database without a server, an API key, the token of /hma, or a worker that deletes old entries.',
      ),
    address: z.string().nullable(),
    requestId: z.string().nullable().describe('The id of the request, as in its response and in the log.'),
    action: z.string().describe('The name of the admin route, or `purgeAudit`.'),
    subject: z.string().nullable().describe('The id of what changed.'),
    before: fieldsOf.nullable().describe('The fields that changed, without secrets. Long texts are cut.'),
    after: fieldsOf.nullable(),
  })
  .meta({
    id: 'AuditEntry',
    examples: [
      {
        auditId: 812,
        at: '2026-01-02T03:04:05.678Z',
        actor: { kind: 'user', id: exampleIds.user, name: 'Li', role: 'operator' },
        address: '192.0.2.7',
        requestId: 'NjQ1ZjA2YjFhOWMzNGQ4ZTliMGY3YTJjNWQ4ZTFmMDM=',
        action: 'updateLibrary',
        subject: exampleIds.library,
        before: { capacity: 1000 },
        after: { capacity: 5000 },
      },
    ],
  })

const auditFilter = {
  action: text(64).optional().describe('Only this action, e.g. deleteVideo.'),
  subject: text(1024).optional().describe('Only changes of this id.'),
  who: text(128).optional().describe('Only by the person with this id or name.'),
  from: isoTime.optional().describe('Only from this time on.'),
  to: isoTime.optional().describe('Only before this time.'),
}

/** The audit log: who changed what. It is append-only. */
export const auditRoutes = adminRoutesOf({
  listAudit: {
    method: 'get',
    role: 'admin',
    path: '/admin/audit',
    summary: 'List who changed what, newest first',
    query: pageQuery.extend(auditFilter),
    answers: { 200: pageOf('AuditPage', auditEntry) },
  },
  exportAudit: {
    method: 'get',
    role: 'admin',
    path: '/admin/audit/export',
    summary: 'Download the audit log as JSON Lines or CSV, oldest first',
    query: z.object({ ...auditFilter, format: z.enum(['jsonl', 'csv']).default('jsonl') }),
    answers: { 200: { bytes: 'application/jsonl' } },
  },
})
