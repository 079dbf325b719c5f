import type { z } from 'zod'
import { Fault } from '../fault.ts'

/**
 * Checks a body or a query against its schema. Throws Fault InvalidArgument that lists everything wrong at once.
 *
 * @example parseAdmin(newLibrarySchema, body).name
 */
export const parseAdmin = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(input)
  if (parsed.success) {
    return parsed.data
  }
  const faults = parsed.error.issues.map(({ path, message }) => {
    const where = path.map(String).join('.')
    return where === '' ? message : `${where}: ${message}`
  })
  throw new Fault('InvalidArgument', `${faults.join('; ')}.`, { cause: parsed.error })
}
