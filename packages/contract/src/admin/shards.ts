import { z } from 'zod'
import { count, exampleIds, fraction, isoTime, nullableTime } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const shardName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,30}$/, 'must be a name of SHARD_URLS')
  .describe('A name of SHARD_URLS.')
const problem = z.string().nullable()
const slot = z.int().min(0).max(1023)

const ranges = z
  .array(
    z.object({ first: slot, last: slot, shard: z.string().nullable().describe('Null for the primary.') }),
  )
  .describe('Slots of the ids of fingerprints, both ends included.')

const move = z.object({
  perSecond: z.number().describe('Fingerprints per second, at most.'),
  moved: count,
  progress: fraction.describe('Of all fingerprints, in this pass. A pass that moves none is the last.'),
  problem: problem.describe('Why it does not get on; it tries again. Null if it does.'),
  startedAt: isoTime,
  endedAt: nullableTime,
})

const shardMap = z
  .object({
    onPrimary: count.describe('Fingerprints in the primary itself.'),
    shards: z.array(
      z.object({
        name: z.string(),
        addedAt: isoTime,
        fingerprints: count,
        libraries: count.describe('Libraries that it holds fingerprints of.'),
        indexRows: count
          .nullable()
          .describe('Rows of its index, as PostgreSQL last estimated them. Null if it cannot be used now.'),
        problem: problem.describe('Why it cannot be used now. Null if it can.'),
      }),
    ),
    placements: z.array(
      z.object({
        dnaDbId: z.string().nullable().describe('Null for the libraries without ranges of their own.'),
        ranges,
      }),
    ),
    move: move.nullable().describe('The newest move. Null if there was none.'),
  })
  .meta({
    id: 'ShardMap',
    examples: [
      {
        onPrimary: 1204,
        shards: [
          {
            name: 's1',
            addedAt: '2026-01-02T03:04:05.678Z',
            fingerprints: 800,
            libraries: 2,
            indexRows: 1400000,
            problem: null,
          },
        ],
        placements: [
          {
            dnaDbId: exampleIds.library,
            ranges: [
              { first: 0, last: 511, shard: null },
              { first: 512, last: 1023, shard: 's1' },
            ],
          },
        ],
        move: {
          perSecond: 20,
          moved: 800,
          progress: 0.8,
          problem: null,
          startedAt: '2026-01-02T03:10:00.000Z',
          endedAt: null,
        },
      },
    ],
  })

const newShard = z.object({ name: shardName }).meta({ id: 'NewShard', examples: [{ name: 's1' }] })

const shardMove = z
  .object({
    to: z
      .array(z.union([z.literal('primary'), shardName]))
      .min(1)
      .max(64)
      .describe('The slots are divided evenly among these shards.'),
    dnaDbId: z.string().optional().describe('Default: all libraries without ranges of their own.'),
    first: slot.optional().describe('First slot. Default: 0.'),
    last: slot.optional().describe('Last slot. Default: 1023.'),
    perSecond: z.number().min(0.01).max(10_000).optional().describe('Fingerprints per second. Default: 20.'),
  })
  .meta({ id: 'ShardMove', examples: [{ to: ['s1', 's2'], dnaDbId: exampleIds.library, perSecond: 10 }] })

const report = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        fingerprints: count.describe('Placed there by the primary.'),
        missing: count.describe('Those that the shard lacks. Store their videos again.'),
        orphans: count.describe('On the shard for over an hour, but not placed there. Workers remove them.'),
        problem: problem.describe('Why the shard cannot be used; the counts are then 0. Null if it can.'),
      }),
    ),
  })
  .meta({
    id: 'ShardReports',
    examples: [{ items: [{ name: 's1', fingerprints: 800, missing: 0, orphans: 0, problem: null }] }],
  })

const UNKNOWN = 'The shard, library or range does not exist.'
const AWAY = 'A shard cannot be reached.'

/** Other PostgreSQL servers that hold part of the fingerprints. */
export const shardRoutes = adminRoutesOf({
  listShards: {
    method: 'get',
    role: 'viewer',
    path: '/admin/shards',
    summary: 'List the shards, what belongs on them, and how the newest move gets on',
    answers: { 200: shardMap },
  },
  addShard: {
    method: 'post',
    role: 'admin',
    path: '/admin/shards',
    summary: 'Add a server of SHARD_URLS as a shard. It holds nothing until a move',
    body: newShard,
    answers: { 201: shardMap },
    errors: {
      400: 'SHARD_URLS does not name it.',
      409: 'The server is not empty, or the primary lacks PL/Proxy or cannot reach it.',
      503: AWAY,
    },
  },
  moveToShards: {
    method: 'post',
    role: 'admin',
    path: '/admin/shards/move',
    summary: 'Change where fingerprints belong. New ones go there at once; workers move the others',
    body: shardMove,
    answers: { 200: shardMap },
    errors: { 400: UNKNOWN, 503: AWAY },
  },
  checkShards: {
    method: 'post',
    role: 'operator',
    path: '/admin/shards/check',
    summary: 'Compare what each shard holds with what belongs there',
    answers: { 200: report },
  },
  removeShard: {
    method: 'delete',
    role: 'admin',
    path: '/admin/shards/{name}',
    summary: 'Forget a shard that holds nothing',
    answers: { 204: null },
    errors: { 404: 'The shard does not exist.', 409: 'Fingerprints are or belong there. Move them first.' },
  },
})
