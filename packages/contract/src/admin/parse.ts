import { Fault } from '@kinoprint/core'
import { z } from 'zod'
import { plainIssue } from './plain-issue.ts'

/**
 * Checks a body or a query against its schema. Throws Fault InvalidArgument that lists everything wrong at once.
 *
 * @example parseAdmin(newLibrarySchema, body).name
 */
export const parseAdmin = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(input, { error: plainIssue })
  if (parsed.success) {
    return parsed.data
  }
  const faults = parsed.error.issues.map((issue) => {
    const where = issue.path.map(String).join('.')
    const message = issue.code === 'unrecognized_keys' ? unknownFields(schema, issue) : issue.message
    return where === '' ? message : `${where}: ${message}`
  })
  throw new Fault('InvalidArgument', `${faults.join('; ')}.`, { cause: parsed.error })
}

type UnknownFields = { readonly keys: readonly string[]; readonly path: readonly PropertyKey[] }

/** Names what is unknown together with what is known at that place. */
const unknownFields = (schema: z.ZodType, { keys, path }: UnknownFields): string => {
  const known = Object.keys(shapeAt(schema, path))
  const names = keys.map((key) => JSON.stringify(key)).join(', ')
  return `unknown field ${names}; known are ${known.join(', ')}`
}

const shapeAt = (schema: z.ZodType, path: readonly PropertyKey[]): Readonly<Record<string, z.ZodType>> => {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema
  if (!(inner instanceof z.ZodObject)) return {}
  const shape = inner.shape as Readonly<Record<string, z.ZodType>>
  const [first, ...rest] = path
  if (first === undefined) return shape
  const next = shape[String(first)]
  return next === undefined ? {} : shapeAt(next, rest)
}
