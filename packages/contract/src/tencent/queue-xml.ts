import type { QueueNotify, QueueState } from '@kinoprint/core'
import { type PagedAnswer, pageHead } from './dnadb-xml.ts'
import { formatTime } from './time.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

export type QueueView = {
  readonly queueId: string
  readonly name: string
  readonly state: QueueState
  readonly notify: QueueNotify
  readonly maxSize: number
  readonly maxConcurrent: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly category: string
}

export type QueueListAnswer = {
  readonly requestId: string
  /** Present only if the request has paging parameters. */
  readonly paging?: Omit<PagedAnswer, 'requestId'> | undefined
  readonly queues: readonly QueueView[]
  /** Requested ids that do not exist. */
  readonly nonExistPids: readonly string[]
}

function notifyNode(notify: QueueNotify): XmlNode {
  const queued = notify.type === 'TDMQ'
  return [
    'NotifyConfig',
    [
      ['Url', notify.url],
      ['State', notify.state],
      ['Type', notify.type],
      ['Event', notify.event],
      ['ResultFormat', notify.resultFormat],
      ['MqMode', queued ? notify.mqMode || 'Queue' : ''],
      ['MqRegion', queued ? notify.mqRegion : ''],
      ['MqName', queued ? notify.mqName : ''],
      ...(notify.type === 'Kafka' ? [kafkaNode(notify)] : []),
    ],
  ]
}

function kafkaNode({ mqRegion, mqName, kafkaInstanceId = '' }: QueueNotify): XmlNode {
  return [
    'KafkaConfig',
    [
      ['Region', mqRegion],
      ['InstanceId', kafkaInstanceId],
      ['Topic', mqName],
    ],
  ]
}

function queueNode(name: 'QueueList' | 'Queue', queue: QueueView): XmlNode {
  return [
    name,
    [
      ['QueueId', queue.queueId],
      ['Name', queue.name],
      ['State', queue.state],
      notifyNode(queue.notify),
      ['MaxSize', queue.maxSize],
      ['MaxConcurrent', queue.maxConcurrent],
      ['CreateTime', formatTime(queue.createdAt)],
      ['UpdateTime', formatTime(queue.updatedAt)],
      ['Category', queue.category],
    ],
  ]
}

/** The response to GET /queue. */
export function queueListXml({ requestId, paging, queues, nonExistPids }: QueueListAnswer): string {
  return writeXml([
    'Response',
    [
      ...(paging === undefined ? [['RequestId', requestId] as const] : pageHead({ requestId, ...paging })),
      ...queues.map((queue) => queueNode('QueueList', queue)),
      ...nonExistPids.map((id): XmlNode => ['NonExistPIDs', id]),
    ],
  ])
}

/** The response to PUT /queue/{queueId}. */
export function queueUpdateXml({ requestId, queue }: { requestId: string; queue: QueueView }): string {
  return writeXml(['Response', [['RequestId', requestId], queueNode('Queue', queue)]])
}
