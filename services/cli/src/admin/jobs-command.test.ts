import { expect, test } from 'vitest'
import type { AdminBackend } from './backend.ts'
import { jobsCommand } from './jobs-command.ts'
import { runCommand } from './run-command.fixture.ts'

type Sent = { readonly route: string; readonly request: unknown }

/** Runs `jobs …` against a server with three matching jobs. Returns what it prints and what it sends. */
async function run(...args: string[]) {
  const sent: Sent[] = []
  const answering = (route: string, answer: object) => async (request: unknown) => {
    sent.push({ route, request })
    return answer
  }
  const hopeless = [{ code: 'ResourceNotSupported', message: 'It is no video.', jobs: 1 }]
  const backend = {
    listLibraries: async () => ({ items: [{ dnaDbId: 'Db1', name: 'films' }], total: 1 }),
    listJobs: answering('listJobs', { items: [], total: 3 }),
    retryJobs: answering('retryJobs', { ended: 3, promising: 2, hopeless, retried: 2 }),
    cancelJobs: answering('cancelJobs', { cancelled: 3 }),
    retryJob: answering('retryJob', {}),
  } as unknown as AdminBackend
  const ran = await runCommand(jobsCommand, backend, args)
  return { ...ran, sent, routes: sent.map(({ route }) => route) }
}

test('jobs are listed by the name of their library and by states in any case', async () => {
  const { sent } = await run(
    'list',
    '--library',
    'films',
    '--state',
    'failed,cancel',
    '--since',
    '2026-01-31',
  )
  expect(sent[0]?.request).toMatchObject({
    query: { dnaDbId: 'Db1', state: ['Failed', 'Cancel'], from: '2026-01-31T00:00:00.000Z' },
  })
})

test('a retry by filter sends the number of jobs that it counted, and names what it leaves out', async () => {
  const { sent, out, err } = await run('retry', '--library', 'films', '--yes')
  expect(sent.at(-1)?.request).toEqual({ body: { filter: { dnaDbId: 'Db1' }, expected: 3, all: false } })
  expect(err).toContain('Left out 1 job (ResourceNotSupported): It is no video.')
  expect(out).toBe('Retried 2 jobs.\n')
})

test('a dry run retries nothing', async () => {
  const { sent, out } = await run('retry', '--library', 'films', '--dry-run')
  expect(sent.filter(({ route }) => route === 'retryJobs')).toMatchObject([
    { request: { query: { dryRun: true } } },
  ])
  expect(out).toBe('Would retry 2 jobs.\n')
})

test('without a terminal, nothing is changed by filter unless --yes is given', async () => {
  for (const args of [['retry'], ['cancel']])
    await expect(run(...args, '--library', 'films')).rejects.toThrow('Add --yes to do so.')
  await expect(run('cancel', '--bucket', 'films-125')).rejects.toThrow('Add --yes to do so.')
})

test('a cancellation by filter takes waiting jobs, and with --running also running ones', async () => {
  const waiting = await run('cancel', '--object', 'a.mp4', '--yes')
  expect(waiting.sent.at(-1)?.request).toEqual({
    body: { filter: { object: 'a.mp4', state: ['Submitted', 'Pause'] }, expected: 3 },
  })
  const all = await run('cancel', '--queue', 'p1', '--library', 'films', '--running', '--yes')
  expect(all.sent.at(-1)?.request).toMatchObject({
    body: { queueId: 'p1', dnaDbId: 'Db1', states: ['Submitted', 'Pause', 'Running'] },
  })
})

test.each([
  ['neither ids nor a filter', ['retry', '--yes']],
  ['ids and a filter', ['cancel', 'j1', '--object', 'a.mp4']],
  ['a bucket and an object', ['cancel', '--bucket', 'b', '--object', 'a.mp4', '--yes']],
  ['an unknown state', ['list', '--state', 'Done']],
  ['a time that is none', ['list', '--since', 'yesterday']],
])('%s is a mistake of the user', async (_, args) => {
  await expect(run(...args)).rejects.toThrow(/Name jobs by id|Give --bucket|Choose from|Enter a time/)
})
