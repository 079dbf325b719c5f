export type { VpdqFrame } from '@kinoprint/dna'
export { countOpenJobs, readJobMarks } from './changes/job-changes.ts'
export { countUndecidedMatches, readMatchMarks } from './changes/match-changes.ts'
export {
  type ClaimedComparison,
  type ComparisonProgress,
  claimComparison,
  endComparison,
  failLostComparisons,
  releaseComparison,
  renewComparison,
} from './comparisons/claim-comparison.ts'
export type {
  Comparison,
  ComparisonReading,
  ComparisonResult,
  ComparisonSideName,
  ComparisonSource,
} from './comparisons/comparison.ts'
export {
  createComparison,
  deleteComparison,
  expiredComparisons,
  getComparison,
  listComparisons,
  readComparisonEvidence,
  recordUpload,
} from './comparisons/comparisons.ts'
export type { Database } from './database.ts'
export { isDatabaseFull, isDatabaseUnavailable } from './database-errors.ts'
export {
  dueDeliveries,
  finishDelivery,
  insertDelivery,
  listDeliveries,
  receiverOf,
  resendDelivery,
} from './deliveries/deliveries.ts'
export type { Delivery, DueDelivery } from './deliveries/delivery.ts'
export { evidenceJson, readEvidence, type StoredEvidence } from './evidence/match-evidence.ts'
export {
  keepQueryFingerprint,
  purgeQueryFingerprints,
  readQueryFingerprint,
  searchedContentOf,
} from './evidence/query-fingerprints.ts'
export { forgetWholeQueries, isWholeQuery, requestWholeQuery } from './evidence/whole-queries.ts'
export { readZoomedDots } from './evidence/zoomed-dots.ts'
export {
  decodeExchange,
  type ExchangeFormat,
  encodeExchange,
  videoOfVpdq,
} from './exchange/exchange-formats.ts'
export { exportLibrary, parseExportPoint } from './exchange/export-library.ts'
export {
  decodeFingerprintFile,
  encodeFingerprintFile,
  FINGERPRINT_FILE_BYTES_MAX,
} from './exchange/fingerprint-file.ts'
export {
  type ArchivedVideo,
  inspectLibraryFile,
  type LibraryFileState,
  readLibraryFile,
} from './exchange/read-library.ts'
export { findId, forgetDeletedIds, readDatabaseFacts } from './find-id.ts'
export {
  type ClaimedHashRequest,
  claimHashRequest,
  createHashRequest,
  deleteHashRequest,
  endHashRequest,
  expiredHashRequests,
  getHashRequest,
  recordHashFile,
  releaseHashRequest,
  renewHashRequest,
} from './hash-requests/hash-requests.ts'
export { type FloodLimits, guardAgainstFlood } from './held-passages/guard-flood.ts'
export {
  ignoreHeldPassage,
  listHeldPassages,
  releasePassage,
} from './held-passages/held-passages.ts'
export {
  type Bank,
  createBank,
  deleteBank,
  findBank,
  listBanks,
  updateBank,
} from './hma/banks.ts'
export { type BankContent, contentsOfVideos, disableContent, findContent } from './hma/contents.ts'
export { lookUpPdq, lookUpVpdq } from './hma/look-up-signal.ts'
export { comparePdq, compareVpdqSignals, parsePdq, parseVpdqSignal } from './hma/signals.ts'
export { previewIgnored } from './ignored-passages/apply-to-matches.ts'
export {
  claimIgnoredLookup,
  deleteOldDrafts,
  endIgnoredLookup,
  failIgnoredLookup,
  type IgnoredLookup,
  loadIgnoredStretches,
  type NewIgnoredRange,
  releaseIgnoredLookup,
  saveIgnoredRanges,
} from './ignored-passages/claim-lookup.ts'
export { withoutIgnored } from './ignored-passages/hide-ignored.ts'
export type { IgnoredPassage } from './ignored-passages/ignored-passage.ts'
export {
  draftIgnoredPassage,
  getIgnoredPassage,
  ignorePassage,
  listIgnoredPassages,
  listIgnoredPlacements,
  restorePassage,
  type Stretch,
} from './ignored-passages/ignored-passages.ts'
export { suggestIgnoring } from './ignored-passages/suggest-passages.ts'
export {
  type ClaimedInventoryJob,
  claimInventoryJob,
  failInventoryJob,
  finishInventoryJob,
  postponeInventoryJob,
  submitInventoryBatch,
} from './inventory/advance-inventory.ts'
export {
  cancelInventoryJob,
  createInventoryJob,
  getInventoryJob,
  listInventoryJobs,
} from './inventory/inventory-jobs.ts'
export { adminListJobs } from './jobs/admin-list-jobs.ts'
export { cancelMatchingJobs, retryMatchingJobs } from './jobs/bulk-jobs.ts'
export { cancelJobs } from './jobs/cancel-jobs.ts'
export { cancelJob, retryJob, stopJob } from './jobs/cancel-retry.ts'
export { claimJob } from './jobs/claim-job.ts'
export {
  FIRST_WAITING,
  jobsToDispatch,
  jobsToDispatchAtOnce,
  markDispatched,
  type WaitingPosition,
} from './jobs/dispatch.ts'
export { enqueueJob, enqueueJobs, enqueueTogether, type NewJob } from './jobs/enqueue-jobs.ts'
export { completeJob, failJob } from './jobs/finish-job.ts'
export {
  type Detection,
  type Job,
  type JobFence,
  type JobHead,
  type JobResult,
  MAX_ATTEMPTS,
} from './jobs/job.ts'
export {
  type JobAttempt,
  listJobAttempts,
  type StageStart,
  saveJobStages,
} from './jobs/job-attempts.ts'
export { loadJobPieces, saveJobPiece } from './jobs/job-pieces.ts'
export { expireLeases, heartbeat, postponeJob, releaseJob } from './jobs/lease.ts'
export {
  type JobPage,
  listJobs,
} from './jobs/list-jobs.ts'
export { isAnyJobWaiting, type NextJob, nextJobs, recordJobBytes } from './jobs/next-jobs.ts'
export { enqueueEventJob, purgeObjectEvents } from './jobs/object-events.ts'
export { purgeEndedJobs } from './jobs/purge-jobs.ts'
export { getJobHeads, getJobs, readResults } from './jobs/read-jobs.ts'
export {
  discardSentFingerprint,
  enqueueFingerprintJob,
  readSentFingerprint,
  type SentFingerprint,
} from './jobs/sent-fingerprints.ts'
export {
  type ApiKey,
  createKey,
  findKey,
  type KeyPolicy,
  type KeyRecord,
  listKeyIds,
  listKeys,
  revokeKey,
  touchKey,
  updateKey,
} from './keys/keys.ts'
export { hasMinuteQuota, readQuotaShares, reserveMinutes } from './keys/quotas.ts'
export { openSecret, sealSecret } from './keys/secret-box.ts'
export {
  createLibrary,
  deleteLibrary,
  getLibrary,
  type Library,
  listLibraries,
  unknownLibrary,
  updateLibrary,
} from './libraries.ts'
export {
  countDanglingRows,
  countDeadLeases,
  countIndexRows,
  countOrphanFingerprints,
  countStrandedJobs,
  type IndexRowCounts,
  listWrongTotals,
  recountLibrary,
  removeDanglingRows,
  resumeStrandedJobs,
  unknownVideos,
} from './maintenance/consistency.ts'
export { vacuumEmbedded } from './maintenance/vacuum.ts'
export {
  deleteMatchCallback,
  getMatchCallback,
  isMatchDelivery,
  listMatchDeliveries,
  purgeMatchDeliveries,
  setMatchCallback,
} from './match-callbacks/match-callbacks.ts'
export { readLibraryMessage } from './match-callbacks/read-library-event.ts'
export { type MatchMessage, readMatchMessage } from './match-callbacks/read-match-event.ts'
export { countOpenMatches, countVideoMatches } from './matches/count-matches.ts'
export { decideFiltered, decideMatch, decideMatches } from './matches/decide.ts'
export type { Findings } from './matches/findings.ts'
export { countMatches, listMatches } from './matches/list-matches.ts'
export type { Match } from './matches/match.ts'
export {
  addMatchNote,
  listMatchEvents,
  listMatchNotes,
  type MatchEvent,
  type MatchNote,
} from './matches/match-history.ts'
export { previewPolicy } from './matches/preview-policy.ts'
export { type FilmSide, type FilmSource, readFilmSource } from './matches/read-film.ts'
export { readHeat } from './matches/read-heat.ts'
export { findNeighbours, getMatches, relatedMatches, sameQueryObjects } from './matches/read-match.ts'
export { readMatchFiles, type StoredFile } from './matches/read-match-files.ts'
export { suggestStretches } from './matches/suggest-stretches.ts'
export { undoDecisions } from './matches/undo-decisions.ts'
export { listMediaBuckets } from './media-buckets.ts'
export { inspectServer, migrate } from './migrate.ts'
export { openDatabase } from './open.ts'
export { readOperatingFigures } from './operating-figures.ts'
export { packNewDatabase } from './pack-new-database.ts'
export {
  type Actor,
  type AuditActor,
  type AuditEntry,
  listAudit,
  readAudit,
  recordAudit,
} from './people/audit-log.ts'
export { purgeAudit } from './people/audit-retention.ts'
export { getUser, listUsers, recordUser, type User, type UserClaims, updateUser } from './people/users.ts'
export { claimPreview, forgetPreview, type PreviewState, readPreview, writePreviews } from './previews.ts'
export { type QueueFacts, readQueueFacts } from './queue-facts.ts'
export {
  ensureQueue,
  getQueue,
  listQueues,
  type Queue,
  type QueueScope,
  readQueueMarks,
  updateQueue,
} from './queues.ts'
export {
  claimVideoToReindex,
  type ReindexingOutcome,
  recordReindexedVideo,
  renewReindexing,
  type VideoToReindex,
} from './reindexing/claim-reindexing.ts'
export {
  CURRENT_VERSIONS,
  listReindexingFailures,
  type Reindexing,
  readOutdated,
  readReindexing,
  startReindexing,
  stopReindexing,
} from './reindexing/reindexing.ts'
export { createReplicas, type Replicas } from './replicas.ts'
export {
  createSampleRun,
  deleteSampleRun,
  findMatchOfJob,
  getSampleRun,
  type SampleChanges,
  type SampleRun,
  type SampleStep,
  updateSampleRun,
} from './sample-runs.ts'
export type { Scope } from './scope.ts'
export { findByKeys } from './search-index/find-by-keys.ts'
export { findCandidates } from './search-index/find-candidates.ts'
export { lengthenIndexes } from './search-index/lengthen-index.ts'
export { indexTables } from './search-index/partitions.ts'
export {
  createSession,
  deleteSession,
  deleteSessionsOf,
  listSessions,
  openSessions,
  readIdToken,
  type Session,
  useSession,
} from './sessions.ts'
export { checkShard, type ShardReport } from './shards/check-shard.ts'
export { checkHome } from './shards/choose-home.ts'
export { continueMove, startMove } from './shards/move-fingerprints.ts'
export { shardSessionSettings } from './shards/plproxy.ts'
export { addShard, listShardNames, readShardMap, readShardStates, removeShard } from './shards/registry.ts'
export { removeOldCopies, sweepShard } from './shards/removals.ts'
export { withShardLock } from './shards/shard-lock.ts'
export {
  missingShards,
  ShardUnavailable,
  shardProblems,
  sharingShards,
  toleratingShards,
  withShards,
} from './shards/shards.ts'
export { keepJobHours } from './stats/job-hours.ts'
export { readSeries } from './stats/read-series.ts'
export { readStats } from './stats/stats.ts'
export { inTransaction } from './transaction.ts'
export {
  beginPart,
  createUpload,
  endUpload,
  findUpload,
  finishPart,
  forgetPart,
  listOldUploads,
  listParts,
  listUploads,
  type Upload,
  type UploadPart,
} from './uploads/uploads.ts'
export { readUsage, type UsageRequest } from './usage.ts'
export {
  discardFingerprint,
  type LoadedFingerprint,
  loadFingerprints,
  type StagedFingerprint,
  stageFingerprint,
  sweepOrphanFingerprints,
} from './videos/fingerprints.ts'
export { type Publication, publishVideo } from './videos/publish-video.ts'
export { replaceFingerprint } from './videos/replace-fingerprint.ts'
export {
  deleteVideo,
  findVideo,
  findVideoByContent,
  findVideoByObject,
  findVideosOfObjects,
  getVideo,
  listVideos,
  type Video,
} from './videos/videos.ts'
export { findWaitingWork, type WaitingWork } from './waiting-work.ts'
export {
  readWorkerMarks,
  readWorkers,
  reportWorker,
  reportWorkerStopped,
  type WorkerFacts,
} from './workers.ts'
