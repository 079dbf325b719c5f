import { z } from 'zod'
import { count, exampleIds, id } from './fields.ts'
import { bulkFields } from './job-filter.ts'

/** At least one filter besides `states`: an empty body must not cancel every job. */
export const cancelJobs = z
  .strictObject({
    bucket: id.optional().describe('Jobs of this bucket.'),
    region: id.optional().describe('Jobs of this region.'),
    queueId: id.optional().describe('Jobs in this queue.'),
    secretId: id.optional().describe('Jobs that this key submitted.'),
    dnaDbId: id.optional().describe('Jobs of this library.'),
    states: z
      .array(z.enum(['Submitted', 'Pause', 'Running']))
      .min(1)
      .optional()
      .describe('Jobs in these states. Default: Submitted and Pause.'),
    filter: bulkFields.filter
      .optional()
      .describe('Instead of the fields above: the filter of GET /admin/jobs.'),
    expected: bulkFields.expected.optional(),
  })
  .superRefine(({ states, filter, expected, ...others }, context) => {
    const hasOther = Object.values(others).some((value) => value !== undefined)
    const fail = (message: string) => context.addIssue({ code: 'custom', message })
    if (filter === undefined && expected === undefined) {
      if (!hasOther)
        fail('give at least one of bucket, region, queueId, secretId and dnaDbId, or filter and expected')
    } else if (filter === undefined || expected === undefined) fail('give filter and expected together')
    else if (hasOther || states !== undefined) fail('give filter and expected without other fields')
  })
  .meta({ id: 'CancelJobs', examples: [{ secretId: exampleIds.key }] })

export const cancelledJobs = z
  .object({ cancelled: count.describe('How many jobs were cancelled.') })
  .meta({ id: 'CancelledJobs', examples: [{ cancelled: 12 }] })

export const retryJobs = z
  .strictObject({
    ...bulkFields,
    all: z
      .boolean()
      .default(false)
      .describe('Also retry jobs that fail again unless their file or their library changes.'),
  })
  .meta({ id: 'RetryJobs', examples: [{ filter: { state: ['Failed'] }, expected: 4 }] })

const hopeless = z.object({
  code: z.string().describe('The code of the failure, or `LibraryDeleted`.'),
  message: z.string().describe('The message of one of the jobs.'),
  jobs: count,
})

export const retriedJobs = z
  .object({
    ended: count.describe('Failed and cancelled jobs of the filter.'),
    promising: count.describe('Those that can succeed as they are.'),
    hopeless: z.array(hopeless).describe('Those that cannot, by reason.'),
    retried: count.describe('How many jobs run again. 0 on a dry run.'),
  })
  .meta({
    id: 'RetriedJobs',
    examples: [
      {
        ended: 4,
        promising: 2,
        hopeless: [
          { code: 'ResourceNotSupported', message: 'The file is not a video that ffmpeg can read.', jobs: 2 },
        ],
        retried: 2,
      },
    ],
  })
