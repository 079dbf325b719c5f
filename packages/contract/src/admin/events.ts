import { z } from 'zod'
import { adminRoutesOf } from './route.ts'

const eventTopics = ['jobs', 'matches', 'queues', 'workers'] as const
export type EventTopic = (typeof eventTopics)[number]

const topic = z.enum(eventTopics)

const topics = z
  .string()
  .default(eventTopics.join(','))
  .superRefine((value, context) => {
    for (const name of value.split(','))
      if (!topic.safeParse(name).success)
        context.addIssue({ code: 'custom', message: `must be one or more of ${eventTopics.join(', ')}` })
  })
  .transform((value) => value.split(',') as EventTopic[])
  .describe('What to follow, separated by commas. Default: everything.')

/**
 * One stream for everything that a page shows. Events: `job` (a job without its result), `jobs` (counts, and how many
 * changes were left out), `match`, `matches`, `queue`, `worker` (ids only), `reset` (load again what is shown) and `end`.
 */
export const eventRoutes = adminRoutesOf({
  followEvents: {
    method: 'get',
    role: 'viewer',
    path: '/admin/events',
    summary:
      'Follow jobs, matches, queues and workers in one stream of server-sent events; Last-Event-ID continues one',
    query: z.object({ topics }),
    answers: { 200: { bytes: 'text/event-stream' } },
    errors: { 429: 'Too many event streams are open.' },
  },
})
