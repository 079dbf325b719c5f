export { batchesOf } from './batches-of.ts'
export type { CallbackFormat, CallbackSettings, CallbackType, MqMode } from './callback-settings.ts'
export { compiledFile } from './compiled-file.ts'
export { type CsvCell, csvOf } from './csv.ts'
export { errorCode, errorText } from './error-text.ts'
export { Fault, type FaultCode, faultTable } from './fault.ts'
export {
  jobIdOfVideo,
  newBatchId,
  newComparisonId,
  newDnaDbId,
  newHashRequestId,
  newHeldId,
  newIgnoredId,
  newJobId,
  newMatchId,
  newRequestId,
  newSessionId,
  newUserId,
  newVideoId,
  videoIdOfJob,
} from './ids.ts'
export { type InputFormat, inputFormats } from './input-formats.ts'
export type { InventoryTask } from './inventory-task.ts'
export { type JobLevel, type JobState, jobStates, type RuleType, ruleTypes } from './job.ts'
export { currentOrigin, type JobOrigin } from './job-origin.ts'
export type { Log } from './log.ts'
export { logFields, withLogFields } from './log-fields.ts'
export {
  type Alteration,
  alterations,
  type DecisionState,
  type DismissReason,
  decisionStates,
  dismissReasons,
  type MatchState,
  matchStates,
} from './match.ts'
export { type MediaKind, mediaKindOf } from './media-kind.ts'
export { limitHeapGrowth, threadMemoryLimits } from './memory-limits.ts'
export { type Page, type PageBounds, pageOf, pagesOf, pageWindow } from './page.ts'
export {
  ACCEPT_SCORE,
  checkPolicy,
  DEFAULT_POLICY,
  type FailedLimit,
  judgePair,
  NEAR_SCORE,
  type PairFacts,
  type PairVerdict,
  type Policy,
  type PolicyChanges,
  policyTracks,
} from './policy.ts'
export { type QueueNotify, type QueueState, queueStates, silentNotify } from './queue-notify.ts'
export { includesRole, type Role, roles } from './role.ts'
export { type StoreDetail, storeDetails } from './store-detail.ts'
export { type StoreMode, storeModes } from './store-mode.ts'
export { createThrottledWarnings, type ThrottledWarnings } from './throttled-warnings.ts'
export {
  inSpan,
  isTracing,
  type OpenSpan,
  recordSpan,
  type SpanStart,
  setTracer,
  type Tracer,
} from './trace.ts'
