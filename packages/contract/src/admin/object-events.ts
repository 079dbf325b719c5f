import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { count, exampleIds, INVALID_BODY, regionName, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const RECORDS_MAX = 1000

const named = text(limits.objectBytesMax)

/** One event in the format of Amazon S3, as MinIO and Ceph send it. Other fields are ignored. */
const record = z.looseObject({
  eventName: text(256).describe('Such as `s3:ObjectCreated:Put`; Ceph may leave out `s3:`.'),
  s3: z.looseObject({
    bucket: z.looseObject({ name: text(256) }),
    object: z.looseObject({
      key: text(3 * limits.objectBytesMax).describe('The name of the object, URL-encoded.'),
      eTag: named.optional(),
      sequencer: named.optional(),
    }),
  }),
})

const objectEvents = z.looseObject({ Records: z.array(record).max(RECORDS_MAX).default([]) }).meta({
  id: 'ObjectEvents',
  examples: [
    {
      Records: [
        {
          eventName: 's3:ObjectCreated:Put',
          s3: {
            bucket: { name: 'films-125' },
            object: {
              key: 'a%2Ffilm.mp4',
              eTag: '0123456789abcdef0123456789abcdef',
              sequencer: '14E11E32397D42C4',
            },
          },
        },
      ],
    },
  ],
})

const received = z
  .object({
    jobs: z.array(z.object({ jobId: z.string(), bucket: z.string(), object: z.string() })),
    repeated: count.describe('Events that have made a job before.'),
    ignored: z
      .array(z.object({ eventName: z.string(), bucket: z.string(), object: z.string(), reason: z.string() }))
      .describe('Events that make no job.'),
  })
  .meta({
    id: 'ReceivedObjectEvents',
    examples: [
      {
        jobs: [{ jobId: exampleIds.job, bucket: 'films-125', object: 'a/film.mp4' }],
        repeated: 0,
        ignored: [],
      },
    ],
  })

/** Events of an object store. */
export const objectEventRoutes = adminRoutesOf({
  receiveObjectEvents: {
    method: 'post',
    role: 'operator',
    path: '/admin/libraries/{dnaDbId}/object-events',
    summary: 'Receive the events of an S3-compatible store: each new object becomes a job, once',
    query: z.object({
      ruleType: z
        .enum(['GetFingerPrint', 'FindSimilarVideo'])
        .default('GetFingerPrint')
        .describe('Whether new objects are stored or searched with.'),
      removed: z
        .enum(['keep', 'delete'])
        .default('keep')
        .describe('Whether the video of a removed object stays in the library.'),
      region: regionName.optional().describe('Default: the region of the setting DEFAULT_REGION.'),
    }),
    body: objectEvents,
    answers: { 200: received },
    errors: {
      400: INVALID_BODY,
      403: 'The queue is full. Send the events again later.',
      404: 'The library does not exist.',
    },
  },
})
