export { type AdminError, adminErrorSchema } from './admin/errors.ts'
export { type PageQuery, pageOf, pageQuerySchema } from './admin/fields.ts'
export { type HealthBody, healthSchema, type ReadinessBody, readinessSchema } from './admin/health.ts'
export {
  type AdminJobsQuery,
  adminJobsQuerySchema,
  cancelJobsSchema,
  type DeliveryBody,
  deliverySchema,
  type JobBody,
  type JobSummaryBody,
  jobPageSchema,
  jobSchema,
  jobSummarySchema,
} from './admin/jobs.ts'
export {
  type CreatedKeyBody,
  createdKeySchema,
  type KeyBody,
  keyPageSchema,
  keySchema,
  type NewKeyBody,
  newKeySchema,
} from './admin/keys.ts'
export {
  type DeleteLibraryQuery,
  deleteLibraryQuerySchema,
  type LibraryBody,
  type LibraryChangesBody,
  libraryChangesSchema,
  libraryPageSchema,
  librarySchema,
  type NewLibraryBody,
  newLibrarySchema,
} from './admin/libraries.ts'
export { type MaintenanceBody, maintenanceSchema } from './admin/maintenance.ts'
export {
  type ObjectBody,
  type ObjectsQuery,
  objectPageSchema,
  objectsQuerySchema,
  type StoredObjectBody,
  storedObjectSchema,
} from './admin/objects.ts'
export { parseAdmin } from './admin/parse.ts'
export {
  type QueueBody,
  type QueueChangesBody,
  queueChangesSchema,
  queuePageSchema,
  queueSchema,
} from './admin/queues.ts'
export { type StatsBody, statsSchema } from './admin/stats.ts'
export {
  type VideoBody,
  type VideosQuery,
  videoPageSchema,
  videoSchema,
  videosQuerySchema,
} from './admin/videos.ts'
export {
  adminParametersOf,
  type OpenApiDocument,
  type OpenApiOptions,
  openApiDocument,
} from './openapi/document.ts'
export { type Action, actionNames } from './tencent/actions.ts'
export { parseAuthorization } from './tencent/authorization.ts'
export { callbackBody } from './tencent/callback.ts'
export { type DnaDbView, dnaDbFilesXml, dnaDbXml } from './tencent/dnadb-xml.ts'
export { errorXml, wireErrorOf } from './tencent/error-xml.ts'
export { type JobRequest, parseJobRequest } from './tencent/job-request.ts'
export { jobViewOf } from './tencent/job-view.ts'
export { jobListXml, jobsDetailXml, jobsXml, jobXml, type ResultTag } from './tencent/jobs-xml.ts'
export { limits } from './tencent/limits.ts'
export { encodeNextToken } from './tencent/next-token.ts'
export {
  type Paging,
  parseDnaDbFilesQuery,
  parseDnaDbQuery,
  parseIdList,
  parseJobsQuery,
  parseQueueQuery,
  type QueueQuery,
} from './tencent/queries.ts'
export { parseQueueUpdate } from './tencent/queue-update.ts'
export { type QueueView, queueListXml, queueUpdateXml } from './tencent/queue-xml.ts'
export { checkContentMd5, headerValues, parseTarget, type QueryField } from './tencent/request-parts.ts'
export { presignTarget, signRequest } from './tencent/sign-request.ts'
export { type VerifyOptions, verifySignature } from './tencent/signature.ts'
export { readXml } from './tencent/xml-reader.ts'
