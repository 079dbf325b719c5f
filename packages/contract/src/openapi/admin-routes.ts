import { pageQuerySchema } from '../admin/fields.ts'
import { adminJobsQuerySchema } from '../admin/jobs.ts'
import { deleteLibraryQuerySchema } from '../admin/libraries.ts'
import { objectsQuerySchema } from '../admin/objects.ts'
import { videosQuerySchema } from '../admin/videos.ts'
import { json, type RouteSpec } from './route.ts'

const admin = { tag: 'Admin', auth: 'admin' } as const
const bytes = { contentType: 'application/octet-stream' }
const invalid = 'A field is missing or wrong; the message lists every one.'

const libraryRoutes: readonly RouteSpec[] = [
  {
    ...admin,
    method: 'post',
    path: '/admin/libraries',
    summary: 'Create a library',
    request: json('NewLibrary'),
    answers: { 201: json('Library') },
    errors: { 400: invalid, 409: 'Another library has this name.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/libraries',
    summary: 'List the libraries',
    query: pageQuerySchema,
    answers: { 200: json('LibraryPage') },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/libraries/{dnaDbId}',
    summary: 'Show a library',
    answers: { 200: json('Library') },
    errors: { 404: 'There is no such library.' },
  },
  {
    ...admin,
    method: 'patch',
    path: '/admin/libraries/{dnaDbId}',
    summary: 'Change a library',
    request: json('LibraryChanges'),
    answers: { 200: json('Library') },
    errors: {
      400: invalid,
      404: 'There is no such library.',
      409: 'Another library has this name.',
    },
  },
  {
    ...admin,
    method: 'delete',
    path: '/admin/libraries/{dnaDbId}',
    summary: 'Delete a library',
    query: deleteLibraryQuerySchema,
    answers: { 204: null },
    errors: { 404: 'There is no such library.', 409: 'It holds videos: ask with force=true.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/libraries/{dnaDbId}/videos',
    summary: 'List the videos of a library',
    query: videosQuerySchema,
    answers: { 200: json('VideoPage') },
    errors: { 404: 'There is no such library.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/libraries/{dnaDbId}/videos/{videoId}',
    summary: 'Show a video',
    answers: { 200: json('Video') },
    errors: { 404: 'There is no such video in this library.' },
  },
  {
    ...admin,
    method: 'delete',
    path: '/admin/libraries/{dnaDbId}/videos/{videoId}',
    summary: 'Delete a video; from then on it matches nothing',
    answers: { 204: null },
    errors: { 404: 'There is no such video in this library.' },
  },
]

const stills = { 'poster.jpg': 'image/jpeg', 'sprite.jpg': 'image/jpeg', 'sprite.json': 'application/json' }

const stillRoutes = Object.entries(stills).map(
  ([name, contentType]): RouteSpec => ({
    ...admin,
    method: 'get',
    path: `/admin/libraries/{dnaDbId}/videos/{videoId}/${name}`,
    summary: name === 'sprite.json' ? 'The time of each picture in sprite.jpg' : `The ${name} of a video`,
    answers: { 200: { contentType } },
    errors: { 404: 'There is no such video, or no still was made of it.' },
  }),
)

const objectRoutes: readonly RouteSpec[] = [
  {
    ...admin,
    method: 'get',
    path: '/admin/objects/{bucket}',
    summary: 'List the objects of a bucket',
    query: objectsQuerySchema,
    answers: { 200: json('ObjectPage') },
    errors: { 400: 'That is not a name of a bucket.' },
  },
  {
    ...admin,
    method: 'put',
    path: '/admin/objects/{bucket}/{object}',
    summary: 'Store the body of the request as an object; its name may hold slashes',
    request: bytes,
    answers: { 201: json('StoredObject') },
    errors: { 400: 'That is not a name of a bucket or an object.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/objects/{bucket}/{object}',
    summary: 'Read an object, or a range of it',
    answers: { 200: bytes, 206: bytes },
    errors: { 404: 'There is no such object.', 416: 'The range lies outside the object.' },
  },
  {
    ...admin,
    method: 'delete',
    path: '/admin/objects/{bucket}/{object}',
    summary: 'Delete an object; what was stored from it stays in its libraries',
    answers: { 204: null },
    errors: { 404: 'There is no such object.' },
  },
]

const jobRoutes: readonly RouteSpec[] = [
  {
    ...admin,
    method: 'get',
    path: '/admin/jobs',
    summary:
      'List the jobs, newest first, without their results. Counts and reaches the newest 10,000 that match',
    query: adminJobsQuerySchema,
    answers: { 200: json('JobPage') },
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/jobs/cancel',
    summary: 'Cancel every job that fits, e.g. all that a key has waiting',
    request: json('CancelJobs'),
    answers: { 200: json('CancelledJobs') },
    errors: { 400: invalid },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/jobs/{jobId}',
    summary: 'Show a job in full',
    answers: { 200: json('Job') },
    errors: { 404: 'There is no such job.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/jobs/{jobId}/events',
    summary: 'Follow a job: one server-sent event `job` now and one for every change, until it ends',
    answers: { 200: { contentType: 'text/event-stream' } },
    errors: { 404: 'There is no such job.', 429: 'Too many streams are open.' },
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/jobs/{jobId}/cancel',
    summary: 'Cancel a job that waits or runs; the programs of a running one are stopped within seconds',
    answers: { 200: json('Job') },
    errors: { 404: 'There is no such job.', 409: 'It has ended.' },
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/jobs/{jobId}/retry',
    summary: 'Run a job again that failed or was cancelled',
    answers: { 200: json('Job') },
    errors: { 404: 'There is no such job.', 409: 'It waits, runs or has succeeded.' },
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/jobs/{jobId}/deliveries/{deliveryId}/resend',
    summary: 'Send a callback again',
    answers: { 200: json('Delivery') },
    errors: { 404: 'There is no such delivery.' },
  },
]

const keyAndQueueRoutes: readonly RouteSpec[] = [
  {
    ...admin,
    method: 'post',
    path: '/admin/keys',
    summary: 'Make an API key; its secret is shown this one time',
    request: json('NewKey'),
    answers: { 201: json('CreatedKey') },
    errors: { 400: invalid },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/keys',
    summary: 'List the API keys',
    query: pageQuerySchema,
    answers: { 200: json('KeyPage') },
  },
  {
    ...admin,
    method: 'delete',
    path: '/admin/keys/{secretId}',
    summary: 'Revoke an API key',
    answers: { 204: null },
    errors: { 404: 'There is no such key.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/queues',
    summary: 'List the queues',
    query: pageQuerySchema,
    answers: { 200: json('QueuePage') },
  },
  {
    ...admin,
    method: 'patch',
    path: '/admin/queues/{queueId}',
    summary: 'Pause or resume a queue, set how many of its jobs run at once, or its callback',
    request: json('QueueChanges'),
    answers: { 200: json('Queue') },
    errors: { 400: invalid, 404: 'There is no such queue.' },
  },
  {
    ...admin,
    method: 'get',
    path: '/admin/stats',
    summary: 'Count what is stored and what was processed',
    answers: { 200: json('Stats') },
  },
  {
    ...admin,
    method: 'post',
    path: '/admin/maintenance/{task}',
    summary: 'Run a maintenance task, as the command line does where a server holds the database',
    answers: { 200: json('Maintenance') },
    errors: { 404: 'There is no such task here.', 409: 'Another one is still running.' },
  },
]

const server = { tag: 'Server', auth: 'none' } as const
const page = { contentType: 'text/html' }

const serverRoutes: readonly RouteSpec[] = [
  { ...server, method: 'get', path: '/healthz', summary: 'Is it alive', answers: { 200: json('Health') } },
  {
    ...server,
    method: 'get',
    path: '/readyz',
    summary: 'Can it serve; 503 names the part that fails',
    answers: { 200: json('Readiness'), 503: json('Readiness') },
  },
  {
    ...server,
    method: 'get',
    path: '/metrics',
    summary: 'Metrics as Prometheus text',
    answers: { 200: { contentType: 'text/plain' } },
  },
  { ...server, method: 'get', path: '/', summary: 'The start page', answers: { 200: page } },
  { ...server, method: 'get', path: '/docs', summary: 'These pages', answers: { 200: page } },
  {
    ...server,
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    answers: { 200: { contentType: 'application/json' } },
  },
]

export const adminRoutes: readonly RouteSpec[] = [
  ...libraryRoutes,
  ...stillRoutes,
  ...objectRoutes,
  ...jobRoutes,
  ...keyAndQueueRoutes,
  ...serverRoutes,
]
