import { jobStates } from '@kinoprint/core'
import { limits } from '../tencent/limits.ts'
import { type Operation, type PlainParameter, xml } from './operation.ts'

const text = (name: string, description: string): PlainParameter => ({
  name,
  description,
  schema: { type: 'string' },
})

const size = (name: string): PlainParameter => ({
  name,
  description: 'How many to answer.',
  schema: { type: 'integer', minimum: 1, maximum: limits.pageSizeMax, default: limits.pageSizeDefault },
})

const paging: readonly PlainParameter[] = [
  { name: 'pageNumber', description: 'From 1.', schema: { type: 'integer', minimum: 1, default: 1 } },
  size('pageSize'),
]

const signed = { auth: 'signature' } as const
const invalid = 'A parameter or element is missing or wrong.'

const jobRoutes: readonly Operation[] = [
  {
    ...signed,
    tag: 'Jobs',
    method: 'post',
    path: '/jobs',
    summary: 'Store a video, search with one, or delete one from a library',
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
      text('tag', 'DNA. For another tag of the public table the list is empty.'),
      { name: 'orderByTime', description: 'Order.', schema: { type: 'string', enum: ['Desc', 'Asc'] } },
      text('nextToken', 'From the page before.'),
      size('size'),
      text('states', `Comma list of All, ${jobStates.join(', ')}.`),
      text('startCreationTime', 'As 2001-01-01T00:00:00+0800.'),
      text('endCreationTime', 'As 2001-01-01T00:00:00+0800; all of that second belongs to it.'),
      text('inputObject', 'Only jobs of exactly this object.'),
      text('workflowId', 'No job is of a workflow: nothing is found.'),
      text('inventoryTriggerJobId', 'No job is of an inventory: nothing is found.'),
    ],
    answers: { 200: xml('JobListResponse') },
    errors: { 400: invalid },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'get',
    path: '/jobs/{jobId}',
    summary: `Show one job, or up to ${limits.idsPerRequest} with commas between their ids`,
    answers: { 200: xml('JobsByIdResponse') },
    errors: { 400: 'Too many ids.' },
  },
  {
    ...signed,
    tag: 'Jobs',
    method: 'put',
    path: '/jobs/{jobId}',
    summary: 'Cancel a job that waits',
    plainQuery: [text('cancel', 'May stand there without a value; every PUT cancels.')],
    answers: { 200: null },
    errors: { 400: 'The job is unknown, runs or has ended.' },
  },
]

const libraryRoutes: readonly Operation[] = [
  {
    ...signed,
    tag: 'Libraries',
    method: 'get',
    path: '/dnadb',
    summary: 'List libraries',
    plainQuery: [text('ids', `Comma list of at most ${limits.idsPerRequest} ids.`), ...paging],
    answers: { 200: xml('DnaDbResponse') },
    errors: { 400: invalid },
  },
  ...['/dnadb_files', '/dnadbfiles'].map(
    (path): Operation => ({
      ...signed,
      tag: 'Libraries',
      method: 'get',
      path,
      summary: path === '/dnadb_files' ? 'List the videos of libraries' : 'The same under its older name',
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

const queueRoutes: readonly Operation[] = [
  {
    ...signed,
    tag: 'Queues',
    method: 'get',
    path: '/queue',
    summary: 'List queues',
    plainQuery: [
      text('queueIds', `Comma list of at most ${limits.queueIdsPerRequest} ids.`),
      { name: 'state', description: 'State.', schema: { type: 'string', enum: ['All', 'Active', 'Paused'] } },
      text('category', 'Kind of queue: CateAll, or Transcoding, which all are.'),
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

export const tencentOperations: readonly Operation[] = [...jobRoutes, ...libraryRoutes, ...queueRoutes]
