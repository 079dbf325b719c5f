import { z } from 'zod'
import { adminErrorSchema } from '../admin/errors.ts'
import { healthSchema, readinessSchema } from '../admin/health.ts'
import {
  cancelJobsSchema,
  cancelledJobsSchema,
  deliverySchema,
  detectionSchema,
  jobPageSchema,
  jobResultSchema,
  jobSchema,
  jobSummarySchema,
  segmentSchema,
} from '../admin/jobs.ts'
import { createdKeySchema, keyPageSchema, keySchema, newKeySchema } from '../admin/keys.ts'
import {
  libraryChangesSchema,
  libraryPageSchema,
  librarySchema,
  newLibrarySchema,
} from '../admin/libraries.ts'
import { maintenanceSchema } from '../admin/maintenance.ts'
import { objectPageSchema, objectSchema, storedObjectSchema } from '../admin/objects.ts'
import { queueChangesSchema, queuePageSchema, queueSchema } from '../admin/queues.ts'
import { statsSchema } from '../admin/stats.ts'
import { videoPageSchema, videoSchema } from '../admin/videos.ts'
import type { JsonSchema } from './route.ts'

const requests = {
  NewLibrary: newLibrarySchema,
  LibraryChanges: libraryChangesSchema,
  NewKey: newKeySchema,
  QueueChanges: queueChangesSchema,
}

const answers = {
  Error: adminErrorSchema,
  Health: healthSchema,
  Readiness: readinessSchema,
  Library: librarySchema,
  LibraryPage: libraryPageSchema,
  Video: videoSchema,
  VideoPage: videoPageSchema,
  Object: objectSchema,
  ObjectPage: objectPageSchema,
  StoredObject: storedObjectSchema,
  Segment: segmentSchema,
  Detection: detectionSchema,
  JobResult: jobResultSchema,
  Delivery: deliverySchema,
  JobSummary: jobSummarySchema,
  JobPage: jobPageSchema,
  CancelJobs: cancelJobsSchema,
  CancelledJobs: cancelledJobsSchema,
  Job: jobSchema,
  CreatedKey: createdKeySchema,
  Key: keySchema,
  KeyPage: keyPageSchema,
  Queue: queueSchema,
  QueuePage: queuePageSchema,
  Stats: statsSchema,
  Maintenance: maintenanceSchema,
}

/** OpenAPI names a schema by its place in the document; the two keywords of a file of its own have none there. */
const strip = ({ $schema: _schema, $id: _id, ...rest }: JsonSchema): JsonSchema => rest

const convert = (
  named: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
): [string, JsonSchema][] => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) {
    registry.add(schema, { id })
  }
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` })
  return Object.entries(schemas).map(([id, schema]) => [id, strip(schema as JsonSchema)])
}

/** The JSON Schemas of every body of the admin API, by name. */
export const adminSchemas = (): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries([...convert(requests, 'input'), ...convert(answers, 'output')])
