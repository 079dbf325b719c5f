import type { DetectionView, JobResultView, JobView } from './job-view.ts'
import { matchDetailsOf, similarDurationOf, wholeSeconds } from './seconds.ts'
import { formatTime } from './time.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

/**
 * The name of the result element. The public samples use DNAResult, the public tables DnaResult, and official clients
 * read one or the other. DNAResult lists the strongest Detection first, DnaResult the weakest.
 */
export type ResultTag = 'DNAResult' | 'DnaResult' | 'both'
export type ResultTagOptions = { readonly resultTag?: ResultTag }

function percent(value: number): number {
  return Number.isFinite(value) ? Math.min(100, Math.max(0, Math.round(value))) : 0
}

function detectionNode(detection: DetectionView, queryDurationSeconds: number): XmlNode {
  const details = matchDetailsOf(detection.segments, {
    queryDurationSeconds,
    refDurationSeconds: detection.durationSeconds,
  })
  return [
    'Detection',
    [
      ['Audio', [['Similar', percent(detection.audioSimilar)]]],
      ['Duration', wholeSeconds(detection.durationSeconds)],
      ...details.map(
        (detail): XmlNode => [
          'MatchDetail',
          [
            ['MatchEndTime', detail.matchEndTime],
            ['MatchStartTime', detail.matchStartTime],
            ['SrcEndTime', detail.srcEndTime],
            ['SrcStartTime', detail.srcStartTime],
          ],
        ],
      ),
      ['Similar', percent(detection.similar)],
      ['SimilarDuration', similarDurationOf(details)],
      ['VideoId', detection.videoId],
    ],
  ]
}

function resultNodes(result: JobResultView, resultTag: ResultTag): XmlNode[] {
  const strongestFirst = result.detections.map((detection) =>
    detectionNode(detection, result.durationSeconds),
  )
  const rest: readonly XmlNode[] = [
    ['Duration', wholeSeconds(result.durationSeconds)],
    ['VideoId', result.videoId],
  ]
  // Only the Go SDK reads DnaResult. It keeps the last Detection, which must therefore be the strongest.
  const detections = { DNAResult: strongestFirst, DnaResult: strongestFirst.toReversed() }
  const tags = resultTag === 'both' ? (['DNAResult', 'DnaResult'] as const) : [resultTag]
  return tags.map((tag): XmlNode => [tag, [...detections[tag], ...rest]])
}

/** Only a successful job shows 100. */
function progressOf({ state, progress }: JobView): number {
  return state === 'Success' ? 100 : Math.min(99, percent(Math.floor(progress * 100)))
}

function timeOf(date: Date | null): string {
  return date === null ? '-' : formatTime(date)
}

/** An element of our own, which the official clients ignore. */
function warningNodes({ state, result }: JobView): XmlNode[] {
  const missing = result?.missingShards ?? []
  if (state !== 'Success' || missing.length === 0) return []
  return [['Warning', `The result is partial. These shards could not be searched: ${missing.join(', ')}.`]]
}

/**
 * One job with its elements in the order of the public samples. Object is last in Input, because the Java SDK reads the
 * last.
 */
export function jobNode(job: JobView, { resultTag = 'both' }: ResultTagOptions = {}): XmlNode {
  const failed = job.state === 'Failed'
  const { dnaDbId, ruleType, videoId } = job.dnaConfig
  const shownVideoId = ruleType === 'DeleteFingerPrint' ? videoId : undefined
  return [
    'JobsDetail',
    [
      ['Code', failed ? (job.code ?? 'InternalError') : 'Success'],
      ['Message', failed ? (job.message ?? '') : ''],
      ['JobId', job.jobId],
      ['State', job.state],
      ['Progress', progressOf(job)],
      ['CreationTime', formatTime(job.createdAt)],
      ['StartTime', timeOf(job.startedAt)],
      ['EndTime', timeOf(job.endedAt)],
      ['QueueId', job.queueId],
      ['Tag', 'DNA'],
      ...warningNodes(job),
      ...(job.inventoryJobId ? [['InventoryTriggerJobId', job.inventoryJobId] as const] : []),
      [
        'Input',
        [
          ['BucketId', job.input.bucketId],
          ['Region', job.input.region],
          ['Object', job.input.object],
        ],
      ],
      [
        'Operation',
        [
          ...(job.state === 'Success' && job.result !== null ? resultNodes(job.result, resultTag) : []),
          [
            'DnaConfig',
            [
              ['DnaDbId', dnaDbId],
              ['RuleType', ruleType],
              ...(shownVideoId ? [['VideoId', shownVideoId] as const] : []),
            ],
          ],
          ['JobLevel', job.jobLevel],
          ...(job.userData === null ? [] : [['UserData', job.userData] as const]),
        ],
      ],
    ],
  ]
}

/** One job of a list, for responses that are streamed job by job between the parts of `jobsXml`. */
export function jobXml(job: JobView, options: ResultTagOptions = {}): string {
  return writeXml(jobNode(job, options))
}

/** The text before and after the jobs of a list. */
export const jobsXml = {
  start: '<Response>',
  endOfList: (nextToken: string): string => `${writeXml(['NextToken', nextToken])}</Response>`,
  endOfIds: (nonExistJobIds: readonly string[]): string =>
    `${nonExistJobIds.map((id) => writeXml(['NonExistJobIds', id])).join('')}</Response>`,
} as const

/** The response to POST /jobs: the jobs that it submitted, in the order of the request. */
export function jobsDetailXml(jobs: readonly JobView[], options: ResultTagOptions = {}): string {
  return writeXml(['Response', jobs.map((job) => jobNode(job, options))])
}

export type JobListAnswer = ResultTagOptions & {
  readonly jobs: readonly JobView[]
  /** Empty on the last page. Always written, so that the Node SDK reads an empty Response as an object. */
  readonly nextToken: string
}

/** The response to GET /jobs as one text, for lists that are known to be short. */
export function jobListXml({ jobs, nextToken, ...options }: JobListAnswer): string {
  return `${jobsXml.start}${jobs.map((job) => jobXml(job, options)).join('')}${jobsXml.endOfList(nextToken)}`
}
