import { queueStates } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { count, isoTime, pageOf, text } from './fields.ts'

const mqText = text(limits.idCharactersMax)

const url = z
  .union([z.literal(''), z.url({ protocol: /^https?$/ }).max(limits.callbackUrlCharactersMax)])
  .describe('Where the end of a job is reported.')

const event = z
  .string()
  .regex(/^(TaskFinish|WorkflowFinish)(,(TaskFinish|WorkflowFinish))*$/)
  .describe('Comma list; callbacks of jobs need TaskFinish in it.')

const notifyChangesSchema = z.strictObject({
  url: url.optional(),
  state: z.enum(['On', 'Off']).optional(),
  type: z.enum(['Url', 'TDMQ']).optional(),
  event: event.optional(),
  resultFormat: z.enum(['XML', 'JSON']).optional(),
  mqMode: z.enum(['Queue', 'Topic', '']).optional(),
  mqRegion: mqText.optional(),
  mqName: mqText.optional(),
})

/** PATCH /admin/queues/:queueId. Within `notify`, too, what is absent stays as it was. */
export const queueChangesSchema = z.strictObject({
  name: text(128)
    .refine((name) => Buffer.byteLength(name) <= limits.queueNameBytesMax, 'is longer than 128 bytes')
    .optional(),
  state: z.enum(queueStates).optional(),
  maxConcurrent: z.int().min(1).max(1000).optional().describe('Jobs at once over all workers.'),
  notify: notifyChangesSchema.optional(),
})
export type QueueChangesBody = z.output<typeof queueChangesSchema>

export const queueSchema = z.object({
  queueId: z.string(),
  bucket: z.string().describe('The bucket whose jobs it takes.'),
  region: z.string().describe('The region of that bucket.'),
  name: z.string(),
  state: z.enum(queueStates),
  maxSize: count,
  maxConcurrent: count,
  notify: z.object({
    url: z.string(),
    state: z.enum(['On', 'Off']),
    type: z.enum(['Url', 'TDMQ']),
    event: z.string(),
    resultFormat: z.enum(['XML', 'JSON']),
    mqMode: z.enum(['Queue', 'Topic', '']),
    mqRegion: z.string(),
    mqName: z.string(),
  }),
  createdAt: isoTime,
  updatedAt: isoTime,
})
export type QueueBody = z.output<typeof queueSchema>
export const queuePageSchema = pageOf(queueSchema)
