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
export { type Action, actionNames, actions, isAction } from './tencent/actions.ts'
export {
  type Authorization,
  parseAuthorization,
  type SignedRequestParts,
  securityTokenOf,
  type TimeWindow,
} from './tencent/authorization.ts'
export { type CallbackBody, type CallbackBodyOptions, callbackBody } from './tencent/callback.ts'
export {
  type DnaDbAnswer,
  type DnaDbFilesAnswer,
  type DnaDbFileView,
  type DnaDbView,
  dnaDbFilesXml,
  dnaDbXml,
  type PagedAnswer,
} from './tencent/dnadb-xml.ts'
export { type ErrorAnswer, errorXml, type WireError, wireErrorOf } from './tencent/error-xml.ts'
export { type JobRequest, parseJobRequest } from './tencent/job-request.ts'
export type { DetectionView, JobResultView, JobView } from './tencent/job-view.ts'
export { jobViewOf } from './tencent/job-view.ts'
export {
  type JobListAnswer,
  type JobsByIdAnswer,
  jobListXml,
  jobsByIdXml,
  jobsDetailXml,
  jobsXml,
  jobXml,
  type ResultTag,
  type ResultTagOptions,
} from './tencent/jobs-xml.ts'
export { limits } from './tencent/limits.ts'
export { decodeNextToken, encodeNextToken, type JobCursor } from './tencent/next-token.ts'
export {
  type DnaDbFilesQuery,
  type DnaDbQuery,
  type JobsQuery,
  type Paging,
  parseDnaDbFilesQuery,
  parseDnaDbQuery,
  parseIdList,
  parseJobsQuery,
  parseQueueQuery,
  type QueueQuery,
} from './tencent/queries.ts'
export { parseQueueUpdate, type QueueUpdate } from './tencent/queue-update.ts'
export {
  type QueueListAnswer,
  type QueueView,
  queueListXml,
  queueUpdateXml,
} from './tencent/queue-xml.ts'
export {
  checkContentMd5,
  headerValues,
  parseTarget,
  type QueryField,
  type RequestTarget,
} from './tencent/request-parts.ts'
export {
  type Durations,
  type MatchDetail,
  matchDetailOf,
  matchDetailsOf,
  type SegmentSeconds,
  similarDurationOf,
  wholeSeconds,
} from './tencent/seconds.ts'
export { presignMergedTarget, presignTarget, type SignOptions, signRequest } from './tencent/sign-request.ts'
export {
  encodeStrict,
  type FormatParts,
  formatString,
  type SignatureKey,
  type SignedPair,
  signatureOf,
  stringToSign,
  type VerifyOptions,
  verifySignature,
} from './tencent/signature.ts'
export { formatTime, parseTime } from './tencent/time.ts'
export { readXml, type XmlElement, type XmlLimits } from './tencent/xml-reader.ts'
export { writeXml, type XmlContent, type XmlNode } from './tencent/xml-writer.ts'
