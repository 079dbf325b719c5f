import { withLogFields } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'

function recordingLog(level: 'info' | 'warn' = 'info') {
  const lines: string[] = []
  return { lines, log: createLog(level, { to: { write: (line) => void lines.push(line) } }) }
}

test('no secret reaches the log, in fields or in messages', { tags: ['no-secrets-shown'] }, () => {
  const { lines, log } = recordingLog()
  log.info(
    {
      authorization: 'hunter2',
      secretKey: 'hunter2',
      req: { headers: { authorization: 'hunter2', 'x-cos-security-token': 'hunter2', cookie: 'hunter2' } },
      settings: { adminToken: 'hunter2', encryptionKey: 'hunter2', databaseUrl: 'hunter2' },
      s3: { secretAccessKey: 'hunter2' },
      url: '/jobs?q-ak=AKIDx&q-signature=hunter2&x=1',
      merged: '/jobs?sign=q-ak%3DAKIDx%26q-signature%3Dhunter2&x=1',
      err: new Error('connect redis://:hunter2@cache:6379 failed'),
    },
    'Cannot reach postgres://kino:hunter2@db:5432/kino with Bearer hunter2',
  )
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain('hunter2')
  const line = JSON.parse(lines[0] ?? '')
  expect(line.msg).toBe('Cannot reach postgres://kino:[hidden]@db:5432/kino with Bearer [hidden]')
  expect(line.url).toBe('/jobs?q-ak=AKIDx&q-signature=[hidden]&x=1')
  expect(line.merged).toBe('/jobs?sign=q-ak%3DAKIDx%26q-signature%3D[hidden]&x=1')
  expect(line.err.message).toContain('cache:6379')
})

test('a log line is JSON with the time, the name of the level and the fields', () => {
  const { lines, log } = recordingLog()
  log.warn({ jobId: 'j1' }, 'Something')
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    jobId: 'j1',
    msg: 'Something',
  })
})

test('lines below the log level are not written', () => {
  const { lines, log } = recordingLog('warn')
  log.info({}, 'quiet')
  log.error({}, 'loud')
  expect(lines).toHaveLength(1)
})

test('lines have the ids of the request and the job that write them, and no others', async () => {
  const { lines, log } = recordingLog()
  await withLogFields({ requestId: 'r1' }, () =>
    withLogFields({ jobId: 'j1' }, async () => {
      await Promise.resolve()
      log.info({}, 'inside')
      log.info({ jobId: 'j2' }, 'another')
    }),
  )
  log.info({}, 'outside')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { requestId: 'r1', jobId: 'j1', msg: 'inside' },
    { requestId: 'r1', jobId: 'j2', msg: 'another' },
    expect.not.objectContaining({ requestId: 'r1' }),
  ])
})
