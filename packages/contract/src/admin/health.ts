import { z } from 'zod'

/** GET /healthz: 200 as long as the process can answer. */
export const healthSchema = z.object({ status: z.literal('ok') })
export type HealthBody = z.output<typeof healthSchema>

/** GET /readyz: 503 where a part fails, named in `failing`. */
export const readinessSchema = z.object({
  status: z.enum(['ready', 'unavailable']),
  failing: z.array(z.object({ part: z.string(), message: z.string() })),
  warnings: z
    .array(z.object({ part: z.string(), message: z.string() }))
    .describe('Parts that work, but not as they should; the status stays 200.'),
})
export type ReadinessBody = z.output<typeof readinessSchema>
