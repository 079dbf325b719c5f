import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import {
  bucketName,
  count,
  isoTime,
  pageOf,
  percent,
  queryFlag,
  regionName,
  seconds,
  text,
} from './fields.ts'

const name = text(128).min(1).describe('What the library is called.')
const description = text(1024)
const capacity = z.int().min(1).max(100_000_000).describe('How many videos it may hold.')
const bucket = bucketName.describe('What GET /dnadb shows; any key that may use the library can use it.')
const minSimilar = percent.describe(
  'Detections whose Similar and Audio.Similar both lie under it are hidden.',
)
const detectOnStore = z.boolean().describe('Whether GetFingerPrint reports what was there already.')

/** POST /admin/libraries */
export const newLibrarySchema = z.strictObject({
  name,
  description: description.default(''),
  capacity: capacity.default(limits.libraryCapacity),
  bucket: bucket.optional(),
  region: regionName.optional(),
  minSimilar: minSimilar.default(0),
  detectOnStore: detectOnStore.default(true),
})
export type NewLibraryBody = z.output<typeof newLibrarySchema>

/** PATCH /admin/libraries/:dnaDbId */
export const libraryChangesSchema = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  capacity: capacity.optional(),
  bucket: bucket.optional(),
  region: regionName.optional(),
  minSimilar: minSimilar.optional(),
  detectOnStore: detectOnStore.optional(),
})
export type LibraryChangesBody = z.output<typeof libraryChangesSchema>

/** DELETE /admin/libraries/:dnaDbId */
export const deleteLibraryQuerySchema = z.object({
  force: queryFlag.describe('Delete it with the videos that are in it.'),
})
export type DeleteLibraryQuery = z.output<typeof deleteLibraryQuerySchema>

export const librarySchema = z.object({
  dnaDbId: z.string(),
  name: z.string(),
  description: z.string(),
  capacity: count,
  bucket: z.string(),
  region: z.string(),
  minSimilar: percent,
  detectOnStore: z.boolean(),
  videoCount: count,
  totalSeconds: seconds,
  createdAt: isoTime,
  updatedAt: isoTime,
})
export type LibraryBody = z.output<typeof librarySchema>
export const libraryPageSchema = pageOf(librarySchema)
