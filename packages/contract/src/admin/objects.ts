import { z } from 'zod'
import { count, isoTime, pageOf, pageQueryShape, text } from './fields.ts'

/** GET /admin/objects/:bucket */
export const objectsQuerySchema = z.object({
  ...pageQueryShape,
  prefix: text(1024).default('').describe('Only objects whose name begins with this.'),
})
export type ObjectsQuery = z.output<typeof objectsQuerySchema>

export const objectSchema = z.object({
  object: z.string(),
  size: count.describe('Bytes.'),
  etag: z
    .string()
    .nullable()
    .describe('With its double quotes; null where the content would have to be read for it.'),
  lastModified: isoTime,
})
export type ObjectBody = z.output<typeof objectSchema>
export const objectPageSchema = pageOf(objectSchema)

/** What PUT /admin/objects/:bucket/<object> answers. */
export const storedObjectSchema = z.object({
  bucket: z.string(),
  object: z.string(),
  size: count.describe('Bytes.'),
  etag: z.string().describe('With its double quotes.'),
})
export type StoredObjectBody = z.output<typeof storedObjectSchema>
