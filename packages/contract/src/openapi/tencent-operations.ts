import { jobStates } from '@kinoprint/core'
import { limits } from '../tencent/limits.ts'
import { objectOperations } from './object-operations.ts'
import { type Operation, type PlainParameter, xml } from './operation.ts'

function text(name: string, description: string): PlainParameter {
  return { name, description, schema: { type: 'string' } }
}

function size(name: string): PlainParameter {
  const { pageSizeMax: maximum, pageSizeDefault } = limits
  return {
    name,
    description: 'How many items to return.',
    schema: { type: 'integer', minimum: 1, maximum, default: pageSizeDefault },
  }
}

const paging: readonly PlainParameter[] = [
  {
    name: 'pageNumber',
    description: 'The first page is 1.',
    schema: { type: 'integer', minimum: 1, default: 1 },
  },
  size('pageSize'),
]

const signed = { auth: 'signature' } as const
const invalid = 'A parameter or element is missing or invalid.'

const jobOperations: readonly Operation[] = [
  {
    ...signed,
    tag: 'Jobs',
    method: 'post',
    path: '/jobs',
    summary: 'Store a video, search with a video, or delete one from a library',
    request: xml('JobRequest'),
    answers: { 200: xml('JobResponse') },
    errors: { 400: invalid, 403: 'The signature does not match, access is denied, or the queue is full.' },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'get',
    path: '/jobs',
    summary: 'List jobs',
    plainQuery: [
      text('queueId', 'Only jobs of this queue.'),
      text('tag', 'DNA. Other tags of the public service answer an empty list.'),
      {
        name: 'orderByTime',
        description: 'Order by creation time.',
        schema: { type: 'string', enum: ['Desc', 'Asc'] },
      },
      text('nextToken', 'NextToken of the previous page.'),
      size('size'),
      text('states', `Comma-separated list of All, ${jobStates.join(', ')}.`),
      text('startCreationTime', 'Only jobs created at or after this time, e.g. 2001-01-01T00:00:00+0800.'),
      text('endCreationTime', 'Only jobs created at or before this second, e.g. 2001-01-01T00:00:00+0800.'),
      text('inputObject', 'Only jobs for exactly this object.'),
      text('workflowId', 'Accepted for compatibility. No job belongs to a workflow, so the list is empty.'),
      text('inventoryTriggerJobId', 'Only jobs that this inventory job submitted.'),
    ],
    answers: { 200: xml('JobListResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'get',
    path: '/jobs/{jobId}',
    summary: `Show a job, or up to ${limits.idsPerRequest} by comma-separated ids`,
    answers: { 200: xml('JobsByIdResponse') },
    errors: { 400: 'Too many ids.' },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'put',
    path: '/jobs/{jobId}',
    summary: 'Cancel a waiting job',
    plainQuery: [text('cancel', 'Optional and without a value; every PUT cancels.')],
    answers: { 200: null },
    errors: { 400: 'The job is unknown, running or has ended.' },
  },
]

const libraryOperations: readonly Operation[] = [
  {
    ...signed,
    tag: 'Libraries',
    method: 'get',
    path: '/dnadb',
    summary: 'List libraries',
    plainQuery: [text('ids', `Comma-separated list of at most ${limits.idsPerRequest} ids.`), ...paging],
    answers: { 200: xml('DnaDbResponse') },
    errors: { 400: invalid },
  },
  ...['/dnadb_files', '/dnadbfiles'].map(
    (path): Operation => ({
      ...signed,
      tag: 'Libraries',
      method: 'get',
      path,
      summary:
        path === '/dnadb_files'
          ? 'List the videos of libraries'
          : 'The same as /dnadb_files, under its older name',
      plainQuery: [
        text('object', 'Only the videos of this object.'),
        text('dnaDbId', 'Only videos of this library.'),
        ...paging,
      ],
      answers: { 200: xml('DnaDbFilesResponse') },
      errors: { 400: invalid },
    }),
  ),
]

const queueOperations: readonly Operation[] = [
  {
    ...signed,
    tag: 'Queues',
    method: 'get',
    path: '/queue',
    summary: 'List queues',
    plainQuery: [
      text('queueIds', `Comma-separated list of at most ${limits.queueIdsPerRequest} ids.`),
      {
        name: 'state',
        description: 'Only queues in this state.',
        schema: { type: 'string', enum: ['All', 'Active', 'Paused'] },
      },
      text('category', 'CateAll or Transcoding. Every queue is of the category Transcoding.'),
      ...paging,
    ],
    answers: { 200: xml('QueueListResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Queues',
    method: 'put',
    path: '/queue/{queueId}',
    summary: 'Pause or resume a queue, or set its callback',
    request: xml('QueueRequest'),
    answers: { 200: xml('QueueResponse') },
    errors: { 400: invalid },
  },
]

const bucketOperations: readonly Operation[] = [
  {
    ...signed,
    tag: 'Buckets',
    method: 'get',
    path: '/mediabucket',
    summary: 'List the buckets that the key may use',
    plainQuery: [
      text('regions', 'Comma-separated list of regions.'),
      text('bucketNames', 'Comma-separated list of names.'),
      text('bucketName', 'Beginning of the name.'),
      ...paging,
    ],
    answers: { 200: xml('MediaBucketsResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Buckets',
    method: 'post',
    path: '/mediabucket',
    summary: 'Register the bucket of the request',
    answers: { 200: xml('MediaBucketResponse') },
    errors: { 400: invalid },
  },
  ...(['template', 'workflow'] as const).map(
    (name): Operation => ({
      ...signed,
      tag: 'Buckets',
      method: 'get',
      path: `/${name}`,
      summary: `List ${name}s. There are none`,
      plainQuery: [...paging],
      answers: { 200: xml('EmptyListResponse') },
      errors: { 400: invalid },
    }),
  ),
]

const inventoryOperations: readonly Operation[] = [
  {
    ...signed,
    tag: 'Jobs',
    method: 'post',
    path: '/inventorytriggerjob',
    summary: 'Submit a job for each object under a prefix, in a list or in an inventory',
    request: xml('InventoryRequest'),
    answers: { 200: xml('InventoryResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'get',
    path: '/inventorytriggerjob',
    summary: 'List inventory jobs',
    plainQuery: [
      text('jobId', 'Only this inventory job.'),
      text('name', 'Only inventory jobs of this name.'),
      text('states', 'Comma-separated list of All, Submitted, Running, Success, Failed, Cancel.'),
      text('nextToken', 'NextToken of the previous page.'),
      size('size'),
    ],
    answers: { 200: xml('InventoryListResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'get',
    path: '/inventorytriggerjob/{jobId}',
    summary: 'Show an inventory job and how far it is',
    answers: { 200: xml('InventoryResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'put',
    path: '/inventorytriggerjob/{jobId}',
    summary: 'Cancel an inventory job and its waiting jobs',
    plainQuery: [text('cancel', 'Optional and without a value; every PUT cancels.')],
    answers: { 200: xml('InventoryCancelResponse') },
    errors: { 400: 'The inventory job is unknown or has ended.' },
  },
]

export const tencentOperations: readonly Operation[] = [
  ...jobOperations,
  ...libraryOperations,
  ...queueOperations,
  ...bucketOperations,
  ...inventoryOperations,
  ...objectOperations,
]
