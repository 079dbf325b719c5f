import { z } from 'zod'
import { count, exampleIds, isoTime, nullableTime, seconds, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const about = z
  .object({
    version: z.string(),
    startedAt: isoTime,
    node: z.string(),
    ffmpeg: z.string().nullable().describe('Version of the ffmpeg of this process. Null if it has none.'),
    database: z.object({
      kind: z.enum(['embedded', 'postgres']),
      version: z.string(),
      pgvector: z.string(),
      schema: z.int().min(0).describe('Number of the newest migration.'),
    }),
    fingerprintFormat: z.int().min(0),
    settings: z
      .array(
        z.object({
          name: z.string(),
          value: z.string().nullable().describe('Null for a secret, and without a value.'),
          isSecret: z.boolean(),
          isSet: z.boolean(),
          source: z
            .enum(['default', 'environment', 'file', 'generated'])
            .describe('environment includes .env. file is NAME_FILE. generated: made at the first start.'),
        }),
      )
      .describe('The settings of this process.'),
    retention: z.object({ jobDays: z.number().min(0), queryDays: z.number().min(0) }),
    maintenance: z
      .array(
        z.object({
          task: z.string(),
          at: isoTime,
          seconds,
          ok: z.boolean(),
          report: z.unknown().describe('The result of the task, or its error.'),
        }),
      )
      .describe('The last run of each maintenance task since this process started.'),
  })
  .meta({
    id: 'About',
    examples: [
      {
        version: '1.0.0',
        startedAt: '2026-01-02T03:04:05.678Z',
        node: '20.19.0',
        ffmpeg: '5.1.9-0+deb12u1',
        database: { kind: 'postgres', version: '15.18', pgvector: '0.8.0', schema: 16 },
        fingerprintFormat: 2,
        settings: [
          { name: 'PORT', value: '8080', isSecret: false, isSet: false, source: 'default' },
          { name: 'ADMIN_TOKEN', value: null, isSecret: true, isSet: true, source: 'generated' },
        ],
        retention: { jobDays: 90, queryDays: 30 },
        maintenance: [
          {
            task: 'check',
            at: '2026-01-02T04:04:05.678Z',
            seconds: 2.4,
            ok: true,
            report: { faults: [], repairs: [], notes: [] },
          },
        ],
      },
    ],
  })

const found = z
  .object({
    id: z.string(),
    kind: z
      .enum(['job', 'video', 'library', 'match', 'comparison'])
      .nullable()
      .describe('By the prefix of the id: j, dv, Db, m, cp. Null for another one.'),
    state: z
      .enum(['exists', 'deleted', 'expired', 'unknown'])
      .describe(
        'expired: a job past its retention. unknown: it never existed here. Of a comparison that has expired nothing is known.',
      ),
    name: z.string().nullable().describe('The name or the object. Null unless it exists.'),
    dnaDbId: z.string().nullable().describe('The library. Null unless it exists.'),
    endedAt: nullableTime.describe('When it was deleted.'),
    retentionDays: count.describe('How long jobs are kept after their end.'),
  })
  .meta({
    id: 'Found',
    examples: [
      {
        id: exampleIds.video,
        kind: 'video',
        state: 'exists',
        name: 'films/a.mp4',
        dnaDbId: exampleIds.library,
        endedAt: null,
        retentionDays: 90,
      },
    ],
  })

export const aboutRoutes = adminRoutesOf({
  getAbout: {
    method: 'get',
    role: 'viewer',
    path: '/admin/about',
    summary: 'Show versions, settings without secrets, retention and the last maintenance runs',
    answers: { 200: about },
  },
  findId: {
    method: 'get',
    role: 'viewer',
    path: '/admin/find',
    summary:
      'Say what an id names: a job, a video, a library, a match or a comparison, and whether it exists',
    query: z.object({ id: text(128).min(1) }),
    answers: { 200: found },
    errors: { 400: 'The id is missing.' },
  },
})
