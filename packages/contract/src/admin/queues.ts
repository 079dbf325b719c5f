import { queueStates, silentNotify } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import {
  callbackFormat,
  callbackType,
  count,
  exampleIds,
  INVALID_BODY,
  id,
  isoTime,
  mqMode,
  nullableTime,
  pageOf,
  pageQuery,
  seconds,
  text,
} from './fields.ts'
import { adminRoutesOf } from './route.ts'

const notifyState = z.enum(['On', 'Off'])
/** Empty unless the type is TDMQ. */
const queueMqMode = z.enum([...mqMode.options, ''])
const mqText = text(limits.idCharactersMax)

const notifyChanges = z
  .strictObject({
    url: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ }).max(limits.callbackUrlCharactersMax)])
      .describe('Where the end of a job is reported.'),
    state: notifyState,
    type: callbackType,
    event: z
      .string()
      .regex(/^(TaskFinish|WorkflowFinish)(,(TaskFinish|WorkflowFinish))*$/)
      .describe('Comma-separated list. Callbacks of jobs need TaskFinish in it.'),
    resultFormat: callbackFormat,
    mqMode: queueMqMode,
    mqRegion: mqText,
    mqName: mqText,
    kafkaInstanceId: mqText,
  })
  .partial()

/** Absent fields keep their values, also within `notify`. */
const queueChanges = z
  .strictObject({
    name: text(128).refine(
      (name) => Buffer.byteLength(name) <= limits.queueNameBytesMax,
      `must be at most ${limits.queueNameBytesMax} bytes`,
    ),
    state: z.enum(queueStates),
    maxConcurrent: z
      .int()
      .min(1)
      .max(1000)
      .describe('How many of its jobs may run at once, over all workers.'),
    notify: notifyChanges,
  })
  .partial()
  .meta({ id: 'QueueChanges', examples: [{ state: 'Paused' }] })

const queue = z
  .object({
    queueId: z.string(),
    bucket: z.string().describe('The bucket whose jobs it takes.'),
    region: z.string().describe('The region of that bucket.'),
    name: z.string(),
    state: z.enum(queueStates),
    maxSize: count,
    maxConcurrent: count,
    notify: z.object({
      url: z.string(),
      state: notifyState,
      type: callbackType,
      event: z.string(),
      resultFormat: callbackFormat,
      mqMode: queueMqMode,
      mqRegion: z.string(),
      mqName: z.string().describe('Queue or exchange of TDMQ, or topic of Kafka.'),
      kafkaInstanceId: z.string().optional(),
    }),
    createdAt: isoTime,
    updatedAt: isoTime,
    pausedBy: z
      .string()
      .nullable()
      .describe('Who paused it: the name of a person, `admin token`, or a key. Null if active or unknown.'),
    pausedAt: nullableTime,
    waiting: z
      .array(
        z.object({ jobLevel: z.int().min(0).max(limits.jobLevelMax), jobs: count, oldestAt: nullableTime }),
      )
      .describe('Waiting jobs by level, the highest first.'),
    running: count,
    callbacks: z.object({
      due: count.describe('Callbacks that wait for an attempt.'),
      givenUp: count.describe('Callbacks given up in the last seven days.'),
      last: z
        .object({
          at: isoTime,
          delivered: z.boolean(),
          httpStatus: z.int().nullable(),
          error: z.string().nullable(),
        })
        .nullable()
        .describe('The last callback that was delivered or given up.'),
    }),
  })
  .meta({
    id: 'Queue',
    examples: [
      {
        queueId: exampleIds.queue,
        bucket: 'films-125',
        region: 'local',
        name: 'films-125',
        state: 'Active',
        maxSize: 10_000,
        maxConcurrent: 10,
        notify: { ...silentNotify, url: 'https://hooks.example.com/done', state: 'On' },
        createdAt: '2026-01-02T03:04:05.678Z',
        updatedAt: '2026-01-02T03:04:05.678Z',
        pausedBy: null,
        pausedAt: null,
        waiting: [
          { jobLevel: 2, jobs: 0, oldestAt: null },
          { jobLevel: 1, jobs: 0, oldestAt: null },
          { jobLevel: 0, jobs: 3, oldestAt: '2026-01-02T03:04:05.678Z' },
        ],
        running: 2,
        callbacks: {
          due: 0,
          givenUp: 0,
          last: { at: '2026-01-02T03:04:05.678Z', delivered: true, httpStatus: 200, error: null },
        },
      },
    ],
  })

const callbackTest = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(limits.callbackUrlCharactersMax)
      .optional()
      .describe('Where to send it. Default: the address of the queue.'),
    resultFormat: callbackFormat.optional().describe('Default: the format of the queue.'),
    secretId: id.optional().describe('The key that signs it, as it signs the callbacks of its jobs.'),
  })
  .meta({ id: 'CallbackTest', examples: [{ url: 'https://hooks.example.com/done' }] })

/** What became of a test callback. */
export const callbackTestResult = z
  .object({
    url: z.string(),
    delivered: z.boolean(),
    httpStatus: z.int().nullable().describe('Null if no response arrived.'),
    error: z.string().nullable().describe('Why it was not delivered.'),
    seconds: seconds.describe('How long it took.'),
    signed: z.boolean(),
  })
  .meta({
    id: 'CallbackTestResult',
    examples: [
      {
        url: 'https://hooks.example.com/done',
        delivered: true,
        httpStatus: 200,
        error: null,
        seconds: 0.118,
        signed: false,
      },
    ],
  })

export const queueRoutes = adminRoutesOf({
  listQueues: {
    method: 'get',
    role: 'viewer',
    path: '/admin/queues',
    summary: 'List the queues',
    query: pageQuery,
    answers: { 200: pageOf('QueuePage', queue) },
  },
  updateQueue: {
    method: 'patch',
    role: 'operator',
    path: '/admin/queues/{queueId}',
    summary: 'Pause or resume a queue, or change its concurrency or its callback',
    body: queueChanges,
    answers: { 200: queue },
    errors: { 400: INVALID_BODY, 404: 'The queue does not exist.' },
  },
  testCallback: {
    method: 'post',
    role: 'operator',
    path: '/admin/queues/{queueId}/test',
    summary: 'Send one callback with a made-up job to the address of a queue, or to another one',
    body: callbackTest,
    answers: { 200: callbackTestResult },
    errors: { 400: 'There is no address to send it to.', 404: 'The queue or the key does not exist.' },
  },
})
