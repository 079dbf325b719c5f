import type { InventoryTask } from '@kinoprint/core'
import { formatTime } from './time.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

export type InventoryView = {
  readonly inventoryJobId: string
  readonly state: string
  readonly code: string | null
  readonly message: string | null
  readonly bucket: string
  readonly region: string
  readonly request: InventoryTask
  /** Numbers of its jobs. */
  readonly submitted: number
  readonly succeeded: number
  readonly failed: number
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

function timeOf(date: Date | null): string {
  return date === null ? '-' : formatTime(date)
}

function sourceNode(source: InventoryTask['source']): XmlNode {
  if (source.kind === 'prefix') return ['Prefix', source.prefix]
  if (source.kind === 'manifest') return ['Manifest', source.manifest]
  return source.kind === 'object' ? ['Object', source.object] : ['UrlFile', source.urlFile]
}

function detailNode(job: InventoryView): XmlNode {
  const { request } = job
  const isFailed = job.state === 'Failed'
  return [
    'JobsDetail',
    [
      ['Code', isFailed ? (job.code ?? 'InternalError') : 'Success'],
      ['Message', isFailed ? (job.message ?? '') : ''],
      ['Name', request.name],
      ['Type', 'Job'],
      ['JobId', job.inventoryJobId],
      ['State', job.state],
      ['CreationTime', formatTime(job.createdAt)],
      ['StartTime', timeOf(job.startedAt)],
      ['EndTime', timeOf(job.endedAt)],
      ['QueueId', request.queueId ?? ''],
      ['SubmittedCount', job.submitted],
      ['SuccessCount', job.succeeded],
      ['FailedCount', job.failed],
      ['Input', [['BucketId', job.bucket], ['Region', job.region], sourceNode(request.source)]],
      [
        'Operation',
        [
          ['Tag', 'DNA'],
          [
            'JobParam',
            [
              [
                'DnaConfig',
                [
                  ['DnaDbId', request.dnaDbId],
                  ['RuleType', request.ruleType],
                ],
              ],
            ],
          ],
          ['JobLevel', request.jobLevel],
          ...(request.userData === undefined ? [] : [['UserData', request.userData] as const]),
        ],
      ],
    ],
  ]
}

/** The response to POST /inventorytriggerjob. */
export function inventoryXml(requestId: string, job: InventoryView): string {
  return writeXml(['Response', [['RequestId', requestId], detailNode(job)]])
}

/** The response to GET /inventorytriggerjob/{id}. Null: no such job. */
export function inventoryByIdXml(requestId: string, id: string, job: InventoryView | null): string {
  const found: XmlNode = job === null ? ['NonExistJobId', id] : detailNode(job)
  return writeXml(['Response', [['RequestId', requestId], found]])
}

/** The response to GET /inventorytriggerjob. */
export function inventoryListXml(answer: {
  readonly requestId: string
  readonly jobs: readonly InventoryView[]
  /** Empty on the last page. */
  readonly nextToken: string
}): string {
  return writeXml([
    'Response',
    [['RequestId', answer.requestId], ...answer.jobs.map(detailNode), ['NextToken', answer.nextToken]],
  ])
}

/** The response to PUT /inventorytriggerjob/{id}?cancel. */
export function inventoryCancelXml(requestId: string): string {
  return writeXml(['Response', [['RequestId', requestId]]])
}
