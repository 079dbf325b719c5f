export type { Database, Queryable } from './database.ts'
export { isDatabaseFull, isDatabaseUnavailable } from './database-errors.ts'
export {
  type DeliveryOutcome,
  type DueRequest,
  dueDeliveries,
  finishDelivery,
  insertDelivery,
  listDeliveries,
  type NewDelivery,
  receiverOf,
  resendDelivery,
} from './deliveries/deliveries.ts'
export type { Delivery, DeliveryAttempt, DueDelivery } from './deliveries/delivery.ts'
export { adminListJobs } from './jobs/admin-list-jobs.ts'
export { type CancelFilter, cancelJobs } from './jobs/cancel-jobs.ts'
export { cancelJob, retryJob, stopJob } from './jobs/cancel-retry.ts'
export { type ClaimOutcome, claimJob } from './jobs/claim-job.ts'
export {
  FIRST_WAITING,
  jobsToDispatch,
  jobsToDispatchAtOnce,
  markDispatched,
  type WaitingPosition,
} from './jobs/dispatch.ts'
export { completeJob, failJob } from './jobs/end-job.ts'
export { enqueueJob, enqueueJobs, type NewJob } from './jobs/enqueue-jobs.ts'
export {
  type Detection,
  type Job,
  type JobFence,
  type JobHead,
  type JobResult,
  MAX_ATTEMPTS,
} from './jobs/job.ts'
export { expireLeases, heartbeat, releaseJob } from './jobs/lease.ts'
export {
  type JobCursor,
  type JobFilter,
  type JobListRequest,
  type JobPage,
  listJobs,
} from './jobs/list-jobs.ts'
export { isAnyJobWaiting, type NextJob, nextJobs, noteJobBytes } from './jobs/next-jobs.ts'
export { purgeEndedJobs } from './jobs/purge-jobs.ts'
export { getJobHeads, getJobs, readResults } from './jobs/read-jobs.ts'
export {
  type ApiKey,
  createKey,
  findKey,
  type KeyPolicy,
  type KeyRecord,
  listKeyIds,
  listKeys,
  type NewKey,
  revokeKey,
  touchKey,
} from './keys/keys.ts'
export {
  createLibrary,
  deleteLibrary,
  getLibrary,
  type Library,
  type LibraryChanges,
  type LibraryFilter,
  listLibraries,
  type NewLibrary,
  unknownLibrary,
  updateLibrary,
} from './libraries.ts'
export {
  countDanglingRows,
  countDeadLeases,
  countIndexRows,
  countOrphanFingerprints,
  countStrandedJobs,
  listWrongTotals,
  recountLibrary,
  removeDanglingRows,
  resumeStrandedJobs,
  unknownVideos,
} from './maintenance/consistency.ts'
export { vacuumEmbedded } from './maintenance/vacuum.ts'
export { type MigrateOptions, migrate } from './migrate.ts'
export { type OpenOptions, openDatabase } from './open.ts'
export {
  ensureQueue,
  getQueue,
  listQueues,
  type Queue,
  type QueueChanges,
  type QueueScope,
  type RegionalBucket,
  updateQueue,
} from './queues.ts'
export type { Scope } from './scope.ts'
export { type CandidateSearch, findCandidates } from './search-index/find-candidates.ts'
export { type Stats, stats } from './stats.ts'
export {
  discardFingerprint,
  type LoadedFingerprint,
  loadFingerprints,
  type StagedFingerprint,
  stageFingerprint,
  sweepOrphanFingerprints,
} from './videos/fingerprints.ts'
export { type Publication, publishVideo } from './videos/publish-video.ts'
export { type Replacement, replaceFingerprint } from './videos/replace-fingerprint.ts'
export {
  deleteVideo,
  findVideoByContent,
  findVideoByObject,
  getVideo,
  listVideos,
  type Video,
} from './videos/videos.ts'
