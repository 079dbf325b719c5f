import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAdminBackend } from '../product/open-admin-backend.ts'
import { auditCommand } from './audit-command.ts'
import type { AdminBackend } from './backend.ts'
import { runCommand } from './run-command.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-audit-test-'))

let backend: AdminBackend
let dnaDbId = ''
beforeAll(async () => {
  backend = await openAdminBackend({ environment: { DATA_DIR: folder, LOG_LEVEL: 'error' } })
  ;({ dnaDbId } = await backend.createLibrary({ body: { name: 'films' } }))
  await backend.updateLibrary({ params: { dnaDbId }, body: { capacity: 7 } })
})
afterAll(async () => {
  await backend.close()
  rmSync(folder, { recursive: true, force: true })
})

async function audit(...args: string[]): Promise<string> {
  return (await runCommand(auditCommand, backend, args)).out
}

test('changes by commands without a server are in the audit log, newest first', async () => {
  const [head, newest, oldest, ...more] = (await audit('--subject', dnaDbId)).trimEnd().split('\n')
  expect(head).toMatch(/^time +who +action +what +change$/)
  expect(newest).toMatch(/command line +updateLibrary +Db[0-9a-f]{32} +\{"capacity":7\}$/)
  expect(oldest).toContain('createLibrary')
  expect(more).toEqual([])
  expect((await audit('--last', '1')).trimEnd().split('\n')).toHaveLength(2)
  expect(await audit('--who', 'Li')).toBe('No entry matches.\n')
})

test('the audit log is written as JSON, JSON Lines and CSV', async () => {
  const entry = { action: 'updateLibrary', subject: dnaDbId, after: { capacity: 7 } }
  const filter = ['--action', 'updateLibrary', '--format']
  expect(JSON.parse(await audit(...filter, 'json'))).toMatchObject([entry])
  expect(JSON.parse(await audit(...filter, 'jsonl'))).toMatchObject(entry)
  const [head, row, ...more] = (await audit(...filter, 'csv')).split('\r\n')
  expect(head).toBe('auditId,at,actor,address,requestId,action,subject,before,after')
  expect(row).toContain('"{""capacity"":7}"')
  expect(more).toEqual([''])
})
