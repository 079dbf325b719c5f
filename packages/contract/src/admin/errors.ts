import { z } from 'zod'

/** The body of every answer of 400 and above outside the Tencent routes. */
export const adminErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), requestId: z.string() }),
})
export type AdminError = z.output<typeof adminErrorSchema>
