import { z } from 'zod'
import { callbackFormat, callbackType, count, isoTime, mqMode, nullableTime, seconds } from './fields.ts'

const attempt = z.object({
  attempt: count,
  at: isoTime.describe('When the attempt ended.'),
  seconds: seconds.describe('How long the attempt took.'),
  httpStatus: z.int().nullable(),
  error: z.string().nullable().describe('Null if the callback was delivered.'),
})

/** A callback of a job. */
export const delivery = z
  .object({
    deliveryId: count,
    webhookId: z.string().describe('The `webhook-id` of every attempt.'),
    status: z.enum(['Pending', 'Delivered', 'Failed']),
    type: callbackType,
    format: callbackFormat,
    url: z.string().nullable(),
    mqMode: mqMode.nullable(),
    mqRegion: z.string().nullable(),
    mqName: z.string().nullable(),
    attempts: count,
    nextAt: nullableTime.describe('When the next attempt is due.'),
    lastStatus: z.int().nullable().describe('The HTTP status of the last attempt.'),
    lastError: z.string().nullable(),
    tries: z.array(attempt).describe('The newest 50 attempts, oldest first.'),
    createdAt: isoTime,
    endedAt: nullableTime,
  })
  .meta({
    id: 'Delivery',
    examples: [
      {
        deliveryId: 7,
        webhookId: 'msg_3f2a9c41d07e5b86a1c2d3e4f5061728',
        status: 'Delivered',
        type: 'Url',
        format: 'XML',
        url: 'https://hooks.example.com/done',
        mqMode: null,
        mqRegion: null,
        mqName: null,
        attempts: 1,
        nextAt: null,
        lastStatus: 200,
        lastError: null,
        tries: [{ attempt: 1, at: '2026-01-02T03:04:21.000Z', seconds: 0.118, httpStatus: 200, error: null }],
        createdAt: '2026-01-02T03:04:20.812Z',
        endedAt: '2026-01-02T03:04:21.000Z',
      },
    ],
  })
