import { z } from 'zod'
import { adminRoutesOf } from './route.ts'

const maintenance = z
  .object({ task: z.string(), result: z.unknown().describe('The result of the task, null for none.') })
  .meta({ id: 'Maintenance', examples: [{ task: 'reindex', result: { videos: 1204 } }] })

export const maintenanceRoutes = adminRoutesOf({
  runMaintenance: {
    method: 'post',
    role: 'operator',
    path: '/admin/maintenance/{task}',
    summary: 'Run a maintenance task. The command line calls it while a server holds the database',
    answers: { 200: maintenance },
    errors: { 404: 'The task does not exist.', 409: 'Another task is still running.' },
  },
})

const checkReport = z.object({
  /** Empty if the installation is consistent. */
  faults: z.array(z.object({ message: z.string(), repaired: z.boolean() })),
  /** What was repaired, one sentence each. */
  repairs: z.array(z.string()),
  /** Observations that may be intentional. */
  notes: z.array(z.string()),
})

/** The results of the tasks that every server runs. */
export const maintenanceResults = {
  migrate: z.object({ from: z.int(), to: z.int() }),
  reindex: z.object({ videos: z.int() }),
  lengthen: z.object({ indexes: z.int() }),
  check: checkReport,
  repair: checkReport,
} as const

export type MaintenanceTaskName = keyof typeof maintenanceResults
export type MaintenanceResult<Task extends MaintenanceTaskName> = z.output<(typeof maintenanceResults)[Task]>
