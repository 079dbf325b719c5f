export { type AdminClient, adminClientOf, createAdminClient } from './admin/client.ts'
export type { EventTopic } from './admin/events.ts'
export { matchEvidence } from './admin/evidence.ts'
export { type MaintenanceResult, type MaintenanceTaskName, maintenanceResults } from './admin/maintenance.ts'
export { type AdminRoute, isBytes, usualAnswer } from './admin/route.ts'
export { type AdminRouteName, adminRoutes, type RouteAnswer, type RouteRequest } from './admin/routes.ts'
export { type ReadinessBody, serverRoutes } from './admin/server.ts'
export { validate } from './admin/validate.ts'
export { type NamedPart, parseCompleteRequest } from './cos/complete-request.ts'
export {
  parseBucketListQuery,
  parsePartListQuery,
  parsePartNumber,
  parseUploadListQuery,
} from './cos/list-query.ts'
export { bucketListXml, completedXml, partListXml, uploadListXml, uploadXml } from './cos/list-xml.ts'
export { type HmaRoute, type HmaRouteName, hmaRoutes } from './hma/routes.ts'
export { openApiDocument } from './openapi/document.ts'
export { type Action, actionNames } from './tencent/actions.ts'
export { parseAuthorization } from './tencent/authorization.ts'
export { callbackBody } from './tencent/callback.ts'
export { type DnaDbView, dnaDbFilesXml, dnaDbXml } from './tencent/dnadb-xml.ts'
export { errorXml, wireErrorOf } from './tencent/error-xml.ts'
export { parseInventoryManifest } from './tencent/inventory-manifest.ts'
export { parseInventoryRequest } from './tencent/inventory-request.ts'
export {
  inventoryByIdXml,
  inventoryCancelXml,
  inventoryListXml,
  inventoryXml,
} from './tencent/inventory-xml.ts'
export { type JobRequest, parseJobRequests } from './tencent/job-request.ts'
export { jobViewOf } from './tencent/job-view.ts'
export { jobListXml, jobsDetailXml, jobsXml, jobXml, type ResultTag } from './tencent/jobs-xml.ts'
export { limits } from './tencent/limits.ts'
export { emptyListXml, mediaBucketsXml, mediaBucketXml } from './tencent/mediabucket-xml.ts'
export { encodeNextToken } from './tencent/next-token.ts'
export {
  type Paging,
  parseDnaDbFilesQuery,
  parseDnaDbQuery,
  parseIdList,
  parseInventoryQuery,
  parseJobsQuery,
  parseMediaBucketQuery,
  parseQueueQuery,
  type QueueQuery,
} from './tencent/queries.ts'
export { parseQueueUpdate } from './tencent/queue-update.ts'
export { type QueueView, queueListXml, queueUpdateXml } from './tencent/queue-xml.ts'
export { checkContentMd5, headerValues, parseTarget, type QueryField } from './tencent/request-parts.ts'
export { presignTarget, signRequest } from './tencent/sign-request.ts'
export { type VerifyOptions, verifySignature } from './tencent/signature.ts'
export { readXml } from './tencent/xml-reader.ts'
