import { Fault } from '@kinoprint/core'
import { z } from 'zod'
import { describeIssue } from './describe-issue.ts'

/**
 * Returns the body or query as validated by its schema, with defaults filled in. Throws Fault InvalidArgument with a
 * message that lists every invalid field.
 *
 * @example validate(adminRoutes.createLibrary.body, { name: 'films' }).capacity
 */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: describeIssue })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    const message = issue.code === 'unrecognized_keys' ? unknownFields(schema, issue) : issue.message
    return field === '' ? message : `${field}: ${message}`
  })
  const message = `${problems.join('; ')}.`
  const startsWithField = parsed.error.issues[0]?.path.length !== 0
  throw new Fault('InvalidArgument', startsWithField ? message : capitalised(message), {
    cause: parsed.error,
  })
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

type UnknownFields = { readonly keys: readonly string[]; readonly path: readonly PropertyKey[] }

/** Lists the unknown fields together with those that the schema defines at that path. */
function unknownFields(schema: z.ZodType, { keys, path }: UnknownFields): string {
  const known = Object.keys(shapeAt(schema, path))
  const names = keys.map((key) => JSON.stringify(key)).join(', ')
  return `unknown field ${names}; known fields are ${known.join(', ')}`
}

function shapeAt(schema: z.ZodType, path: readonly PropertyKey[]): Readonly<Record<string, z.ZodType>> {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema
  if (!(inner instanceof z.ZodObject)) return {}
  const shape = inner.shape as Readonly<Record<string, z.ZodType>>
  const [first, ...rest] = path
  if (first === undefined) return shape
  const next = shape[String(first)]
  return next === undefined ? {} : shapeAt(next, rest)
}
