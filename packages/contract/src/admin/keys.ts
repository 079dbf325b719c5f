import { z } from 'zod'
import { actionNames } from '../tencent/actions.ts'
import { bucketName, id, isoTime, nullableTime, pageOf, regionName, text } from './fields.ts'

const listMax = 1000

/** POST /admin/keys. A list that is absent allows everything. */
export const newKeySchema = z.strictObject({
  name: text(128).min(1),
  actions: z.array(z.enum(actionNames)).max(actionNames.length).optional(),
  libraries: z.array(id).max(listMax).optional().describe('Ids of the libraries that it may use.'),
  buckets: z.array(bucketName).min(1).max(listMax).optional().describe('The first one is its default.'),
  region: regionName.optional(),
})
export type NewKeyBody = z.output<typeof newKeySchema>

export const createdKeySchema = z.object({
  secretId: z.string(),
  secretKey: z.string().describe('Shown this one time.'),
})
export type CreatedKeyBody = z.output<typeof createdKeySchema>

/** A row of GET /admin/keys; null allows everything. */
export const keySchema = z.object({
  secretId: z.string(),
  name: z.string(),
  actions: z.array(z.string()).nullable(),
  libraries: z.array(z.string()).nullable(),
  buckets: z.array(z.string()).nullable(),
  region: z.string().nullable(),
  createdAt: isoTime,
  lastUsedAt: nullableTime,
})
export type KeyBody = z.output<typeof keySchema>
export const keyPageSchema = pageOf(keySchema)
