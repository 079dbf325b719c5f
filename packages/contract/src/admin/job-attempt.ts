import { z } from 'zod'
import { count, isoTime, nullableTime } from './fields.ts'

/** One attempt of a worker at a job, with its stages. */
export const jobAttempt = z
  .object({
    attempt: count
      .min(1)
      .describe('From 1. Also counts attempts before a retry and those returned at shutdown.'),
    worker: z.string().describe('Name of the worker.'),
    startedAt: isoTime,
    endedAt: nullableTime.describe('Null while it runs. For a lost attempt, when its lease expired.'),
    outcome: z
      .enum(['Success', 'Failed', 'Cancel', 'Returned', 'Lost'])
      .nullable()
      .describe(
        'Null while it runs. `Returned`: the worker shut down, and the job waits again. `Lost`: the worker died or went silent.',
      ),
    code: z.string().nullable().describe('Why it failed.'),
    stages: z
      .array(z.object({ stage: z.string(), startedAt: isoTime }))
      .describe('What the worker did, in order; at most 20. A running job adds to it every two seconds.'),
  })
  .meta({
    id: 'JobAttempt',
    examples: [
      {
        attempt: 1,
        worker: 'worker-1',
        startedAt: '2026-01-02T03:04:06.002Z',
        endedAt: '2026-01-02T03:04:20.806Z',
        outcome: 'Success',
        code: null,
        stages: [
          { stage: 'fetch', startedAt: '2026-01-02T03:04:06.010Z' },
          { stage: 'fingerprint', startedAt: '2026-01-02T03:04:06.300Z' },
          { stage: 'candidates', startedAt: '2026-01-02T03:04:19.480Z' },
          { stage: 'match', startedAt: '2026-01-02T03:04:19.610Z' },
        ],
      },
    ],
  })
