export { Fault, type FaultCode, type FaultOptions, faultTable } from './fault.ts'
export {
  type DnaDbId,
  type JobId,
  newDnaDbId,
  newJobId,
  newQueueId,
  newRequestId,
  newVideoId,
  type QueueId,
  type VideoId,
  videoIdOfJob,
} from './ids.ts'
