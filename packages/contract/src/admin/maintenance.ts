import { z } from 'zod'

/** POST /admin/maintenance/:task */
export const maintenanceSchema = z.object({
  task: z.string(),
  result: z.unknown().describe('What the task has to say, null for nothing.'),
})
export type MaintenanceBody = z.output<typeof maintenanceSchema>
