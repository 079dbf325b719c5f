import { jobStates, queueStates, ruleTypes } from '@kinoprint/core'
import { limits } from '../tencent/limits.ts'
import { objectSchemas } from './object-schemas.ts'
import type { JsonSchema } from './operation.ts'

const text: JsonSchema = { type: 'string' }
const integer: JsonSchema = { type: 'integer', minimum: 0 }
const percent: JsonSchema = { type: 'integer', minimum: 0, maximum: 100 }
const time: JsonSchema = { type: 'string', description: 'E.g. 2022-06-27T15:23:10+0800.' }
const timeOrDash: JsonSchema = { type: 'string', description: 'E.g. 2022-06-27T15:23:10+0800; "-" if unset.' }

function oneOf(...values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values }
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

function object(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}

/** A whole document: `name` is its root element. */
function root(name: string, schema: JsonSchema): JsonSchema {
  return { ...schema, xml: { name } }
}

const notifyConfig = object({
  Url: text,
  State: oneOf('On', 'Off'),
  Type: oneOf('Url', 'TDMQ', 'Kafka'),
  Event: { type: 'string', examples: ['TaskFinish,WorkflowFinish'] },
  ResultFormat: oneOf('XML', 'JSON'),
  MqMode: text,
  MqRegion: text,
  MqName: text,
  KafkaConfig: object({ Region: text, InstanceId: text, Topic: text }),
})

const queue = object({
  QueueId: text,
  Name: text,
  State: oneOf(...queueStates),
  NotifyConfig: ref('NotifyConfig'),
  MaxSize: integer,
  MaxConcurrent: integer,
  CreateTime: time,
  UpdateTime: time,
  Category: text,
})

const inventorySource = { Prefix: text, Object: text, UrlFile: text, Manifest: text }

const inventoryJob = object({
  Code: text,
  Message: text,
  Name: text,
  Type: oneOf('Job'),
  JobId: text,
  State: oneOf('Submitted', 'Running', 'Success', 'Failed', 'Cancel'),
  CreationTime: time,
  StartTime: timeOrDash,
  EndTime: timeOrDash,
  QueueId: text,
  SubmittedCount: integer,
  SuccessCount: integer,
  FailedCount: integer,
  Input: object({ BucketId: text, Region: text, ...inventorySource }),
  Operation: object({
    Tag: oneOf('DNA'),
    JobParam: object({ DnaConfig: object({ DnaDbId: text, RuleType: text }) }),
    JobLevel: integer,
    UserData: text,
  }),
})

const mediaBucket = object({ BucketId: text, Name: text, Region: text, CreateTime: time })

const pageHead = { RequestId: text, TotalCount: integer, PageNumber: integer, PageSize: integer }

/** Each one submits a job. */
const operationRequest = object(
  {
    DnaConfig: object(
      {
        RuleType: oneOf(...ruleTypes),
        DnaDbId: text,
        VideoId: { ...text, description: 'Required if RuleType is DeleteFingerPrint.' },
      },
      ['RuleType', 'DnaDbId'],
    ),
    UserData: { type: 'string', maxLength: limits.userDataCharactersMax },
    JobLevel: { type: 'integer', enum: [0, 1, 2], default: 0, description: 'Higher runs first.' },
  },
  ['DnaConfig'],
)

const requestSchemas: Readonly<Record<string, JsonSchema>> = {
  JobRequest: root(
    'Request',
    object(
      {
        Tag: oneOf('DNA'),
        Input: object({ Object: { ...text, description: 'Path of the video in its bucket.' } }, ['Object']),
        Operation: { ...listOf(operationRequest), minItems: 1, maxItems: limits.operationsPerRequest },
        QueueId: text,
        CallBack: {
          ...text,
          description: 'An http or https URL. "no" disables the callback, including that of the queue.',
        },
        CallBackFormat: { ...oneOf('XML', 'JSON'), default: 'XML' },
        CallBackType: { ...oneOf('Url', 'TDMQ', 'Kafka'), default: 'Url' },
        CallBackKafkaConfig: object({ Region: text, InstanceId: text, Topic: text }, [
          'Region',
          'InstanceId',
          'Topic',
        ]),
        CallBackMqConfig: object({ MqRegion: text, MqMode: oneOf('Queue', 'Topic'), MqName: text }, [
          'MqRegion',
          'MqName',
        ]),
      },
      ['Tag', 'Input', 'Operation'],
    ),
  ),
  InventoryRequest: root(
    'Request',
    object(
      {
        Name: text,
        Input: object({ Prefix: { ...text, description: 'Or Object, UrlFile or Manifest.' } }),
        Operation: object(
          {
            Tag: oneOf('DNA'),
            JobParam: object({
              DnaConfig: object({ RuleType: oneOf('GetFingerPrint', 'FindSimilarVideo'), DnaDbId: text }, [
                'RuleType',
                'DnaDbId',
              ]),
            }),
            UserData: { type: 'string', maxLength: limits.userDataCharactersMax },
            JobLevel: { type: 'integer', enum: [0, 1, 2], default: 0 },
          },
          ['Tag', 'JobParam'],
        ),
      },
      ['Input', 'Operation'],
    ),
  ),
  QueueRequest: root(
    'Request',
    object({ Name: text, State: oneOf(...queueStates), NotifyConfig: ref('NotifyConfig') }),
  ),
}

const detailSchemas: Readonly<Record<string, JsonSchema>> = {
  DnaResult: object({
    Detection: listOf(
      object({
        Audio: object({ Similar: percent }),
        Duration: { ...integer, description: 'Length of the library video in whole seconds.' },
        MatchDetail: listOf(
          object({
            MatchEndTime: { ...integer, description: 'Last matching second in the library video.' },
            MatchStartTime: { ...integer, description: 'First matching second in the library video.' },
            SrcEndTime: { ...integer, description: 'Last matching second in the input.' },
            SrcStartTime: { ...integer, description: 'First matching second in the input.' },
          }),
        ),
        Similar: percent,
        SimilarDuration: { ...integer, description: 'Seconds of the input that match.' },
        VideoId: text,
      }),
    ),
    Duration: { ...integer, description: 'Length of the input in whole seconds.' },
    VideoId: text,
  }),
  JobsDetail: object({
    Code: text,
    Message: text,
    JobId: text,
    State: oneOf(...jobStates),
    Progress: percent,
    CreationTime: time,
    StartTime: timeOrDash,
    EndTime: timeOrDash,
    QueueId: text,
    Tag: oneOf('DNA'),
    Input: object({ BucketId: text, Region: text, Object: text }),
    Operation: object({
      DNAResult: ref('DnaResult'),
      DnaResult: {
        ...ref('DnaResult'),
        description:
          'The content of DNAResult with the weakest Detection first. A client reads one or the other.',
      },
      DnaConfig: object({ DnaDbId: text, RuleType: oneOf(...ruleTypes), VideoId: text }),
      JobLevel: integer,
      UserData: text,
    }),
  }),
  NotifyConfig: notifyConfig,
  QueueDetail: queue,
}

const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  JobResponse: root('Response', object({ JobsDetail: listOf(ref('JobsDetail')) })),
  InventoryResponse: root('Response', object({ RequestId: text, JobsDetail: inventoryJob })),
  InventoryListResponse: root(
    'Response',
    object({ RequestId: text, JobsDetail: listOf(inventoryJob), NextToken: text }),
  ),
  InventoryCancelResponse: root('Response', object({ RequestId: text })),
  MediaBucketsResponse: root('Response', object({ ...pageHead, MediaBucketList: listOf(mediaBucket) })),
  MediaBucketResponse: root('Response', object({ RequestId: text, MediaBucket: mediaBucket })),
  EmptyListResponse: root('Response', object(pageHead)),
  JobsByIdResponse: root(
    'Response',
    object({ JobsDetail: listOf(ref('JobsDetail')), NonExistJobIds: listOf(text) }),
  ),
  JobListResponse: root(
    'Response',
    object({
      JobsDetail: listOf(ref('JobsDetail')),
      NextToken: { ...text, description: 'Empty on the last page.' },
    }),
  ),
  DnaDbResponse: root(
    'Response',
    object({
      ...pageHead,
      DNADbConfig: listOf(
        object({
          BucketId: text,
          Region: text,
          DNADbId: text,
          DNADbName: text,
          Capacity: integer,
          Description: text,
          CreateTime: time,
          UpdateTime: time,
        }),
      ),
      NonExistIDs: listOf(text),
    }),
  ),
  DnaDbFilesResponse: root(
    'Response',
    object({
      ...pageHead,
      DNADbFiles: listOf(
        object({
          BucketId: text,
          Region: text,
          DNADbId: text,
          VideoId: text,
          Object: text,
          ETag: text,
          CreateTime: time,
          UpdateTime: time,
        }),
      ),
    }),
  ),
  QueueListResponse: root(
    'Response',
    object({ ...pageHead, QueueList: listOf(ref('QueueDetail')), NonExistPIDs: listOf(text) }),
  ),
  QueueResponse: root('Response', object({ RequestId: text, Queue: ref('QueueDetail') })),
  XmlError: root(
    'Error',
    object(
      {
        Code: text,
        Message: text,
        StringToSign: {
          ...text,
          description: 'The string that the server signed. Only with SignatureDoesNotMatch.',
        },
        FormatString: {
          ...text,
          description: 'The string that the server hashed. Only with SignatureDoesNotMatch.',
        },
        Resource: text,
        RequestId: text,
        TraceId: text,
      },
      ['Code', 'Message', 'Resource', 'RequestId'],
    ),
  ),
}

/** The XML bodies of the Tencent routes, written manually. Elements are in the order of the XML. */
export const tencentSchemas: Readonly<Record<string, JsonSchema>> = {
  ...requestSchemas,
  ...detailSchemas,
  ...answerSchemas,
  ...objectSchemas,
}
