import { z } from 'zod'
import { limits } from '../tencent/limits.ts'

/** Text of at most `maxCharacters`, without NUL, the only character that PostgreSQL cannot store. */
export function text(maxCharacters: number) {
  return z
    .string()
    .max(maxCharacters)
    .refine((value) => !value.includes('\0'), 'must not contain the NUL character')
}

export const id = text(limits.idCharactersMax).min(1)

/** The names that object stores accept. In the file store, a bucket is a folder of that name. */
export const bucketName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9.-]{0,126}[a-z0-9])?$/,
    'must consist of lower-case letters, digits, "-" and "."',
  )
  .refine((name) => !name.includes('..'), 'must not contain ".."')

export const regionName = z.string().regex(/^[a-z0-9-]{1,64}$/i, 'must consist of letters, digits and "-"')

/** ISO 8601 in UTC. */
export const isoTime = z.iso.datetime({ offset: false })
export const nullableTime = isoTime.nullable()

export const seconds = z.number().min(0)
/** 0 to 1. */
export const fraction = z.number().min(0).max(1)
export const percent = z.int().min(0).max(100)
export const count = z.int().min(0)

export const callbackType = z.enum(['Url', 'TDMQ', 'Kafka'])
export const callbackFormat = z.enum(['XML', 'JSON'])
export const mqMode = z.enum(['Queue', 'Topic'])

/** A flag in a query: `?force=true`. */
export const queryFlag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((value) => value === 'true' || value === '1')

/** A number from which values count, or two numbers with `-` between, both included. */
export function rangeOf(what: string, example: string) {
  return z
    .string()
    .regex(
      /^\d{1,6}(?:\.\d{1,6})?(?:-\d{1,6}(?:\.\d{1,6})?)?$/,
      'must be a number, or two numbers with "-" between',
    )
    .describe(`${what} from this value, or in a range such as ${example}.`)
}

const DEFAULT_PAGE_SIZE = 20

function queryInteger(max: number, fallback: number) {
  return z.coerce.number().int().min(1).max(max).default(fallback)
}

/** The query parameters of every list. */
export const pageQuery = z.object({
  page: queryInteger(limits.pageNumberMax, 1),
  pageSize: queryInteger(limits.pageSizeMax, DEFAULT_PAGE_SIZE),
})

/** The example that `.meta({ examples })` attached to a schema. */
export function exampleOf(schema: z.ZodType): object {
  const [example] = (z.globalRegistry.get(schema)?.examples ?? []) as object[]
  if (example === undefined) throw new Error('A schema has no example. Give it one: .meta({ examples }).')
  return example
}

/** The response body of a list, under `name` in the OpenAPI document. */
export function pageOf<Item extends z.ZodType>(name: string, item: Item) {
  return z
    .object({ items: z.array(item), total: count, page: z.int().min(1), pageSize: z.int().min(1) })
    .meta({
      id: name,
      examples: [{ items: [exampleOf(item)], total: 1, page: 1, pageSize: DEFAULT_PAGE_SIZE }],
    })
}

/** The body of every error outside the Tencent routes. */
export const errorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      requestId: z.string(),
      details: z
        .record(z.string(), z.string())
        .optional()
        .describe('What the request conflicts with, if the route says so.'),
    }),
  })
  .meta({
    id: 'Error',
    examples: [
      {
        error: {
          code: 'NotFound',
          message: 'Library Db0 does not exist.',
          requestId: 'NjQ1ZjA2YjFhOWMzNGQ4ZTliMGY3YTJjNWQ4ZTFmMDM=',
        },
      },
    ],
  })

/** Why a route responds with 400 to an invalid body. */
export const INVALID_BODY = 'A field is missing or invalid. The message lists every one.'

/** Ids of the examples in the OpenAPI document. */
export const exampleIds = {
  library: 'Db5f8c1e0a9b7d4c3e2f1a0b9c8d7e6f5a',
  video: 'dv3b1c5d7e9f0a2b4c6d8e0f1a3b5c7d9e',
  job: 'j7d1e9c0b5a4f3e2d1c0b9a8f7e6d5c4b',
  queue: 'p0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  batch: 'b5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b',
  match: 'm2b4d6f8a0c1e3a5b7c9d1f3e5a7b9c0d',
  key: 'AKID6c1f0e9d8b7a5c4d3e2f1a0b9c8d7e6f',
  user: 'u4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c',
} as const
