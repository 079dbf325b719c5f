import { Fault } from '@kinoprint/core'
import { Router } from 'express'
import type { ApiContext } from '../context.ts'
import { checkHost } from '../http/request-host.ts'
import { rejectNul } from '../http/request-target.ts'
import { type RouteTable, routeAll } from '../http/route-all.ts'
import { limitInFlightByAddress, limitRate } from '../limits/limit-in-flight.ts'
import { answerJsonFault } from './answer-fault.ts'
import { cancelJob } from './cancel-job.ts'
import { cancelJobs } from './cancel-jobs.ts'
import { createKey } from './create-key.ts'
import { createLibrary } from './create-library.ts'
import { deleteLibrary } from './delete-library.ts'
import { deleteObject } from './delete-object.ts'
import { deleteVideo } from './delete-video.ts'
import { getJob } from './get-job.ts'
import { getLibrary } from './get-library.ts'
import { getObject } from './get-object.ts'
import { getStats } from './get-stats.ts'
import { getStill, type Still, stills } from './get-still.ts'
import { getVideo } from './get-video.ts'
import { jobEvents } from './job-events.ts'
import { listJobs } from './list-jobs.ts'
import { listKeys } from './list-keys.ts'
import { listLibraries } from './list-libraries.ts'
import { listObjects } from './list-objects.ts'
import { listQueues } from './list-queues.ts'
import { listVideos } from './list-videos.ts'
import { putObject } from './put-object.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { requireToken } from './require-token.ts'
import { resendDelivery } from './resend-delivery.ts'
import { retryJob } from './retry-job.ts'
import { revokeKey } from './revoke-key.ts'
import { runMaintenance } from './run-maintenance.ts'
import { updateLibrary } from './update-library.ts'
import { updateQueue } from './update-queue.ts'

/** Everything under /admin: JSON, behind the bearer token. */
export const adminRouter = (context: ApiContext): Router => {
  const router = Router({ caseSensitive: true, strict: false })
  router.use(limitRate(context.rate))
  router.use(requireToken(context))
  router.use((req, res, next) => {
    context.connections?.protect(req, res)
    next()
  })
  router.use(checkHost)
  router.use(rejectNul)
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    next()
  })
  const { admin, transfers, events } = context.inFlight
  routeAll(router, adminRoutes(context), {
    prefix: '/admin',
    guard: refuseUnknown,
    before: limitInFlightByAddress(admin),
  })
  routeAll(router, transferRoutes(context), {
    prefix: '/admin',
    guard: refuseUnknown,
    before: limitInFlightByAddress(transfers),
  })
  routeAll(router, eventRoutes(context), {
    prefix: '/admin',
    guard: refuseUnknown,
    before: limitInFlightByAddress(events),
  })
  router.use((req) => {
    throw new Fault('NotFound', `There is no route ${req.method} /admin${req.path}.`)
  })
  router.use(answerJsonFault(context))
  return router
}

const adminRoutes = (context: ApiContext): RouteTable => ({
  '/libraries': { get: listLibraries(context), post: createLibrary(context) },
  '/libraries/:dnaDbId': {
    get: getLibrary(context),
    patch: updateLibrary(context),
    delete: deleteLibrary(context),
  },
  '/libraries/:dnaDbId/videos': { get: listVideos(context) },
  '/libraries/:dnaDbId/videos/:videoId': { get: getVideo(context), delete: deleteVideo(context) },
  '/objects/:bucket': { get: listObjects(context) },
  '/jobs': { get: listJobs(context) },
  '/jobs/cancel': { post: cancelJobs(context) },
  '/jobs/:jobId': { get: getJob(context) },
  '/jobs/:jobId/cancel': { post: cancelJob(context) },
  '/jobs/:jobId/retry': { post: retryJob(context) },
  '/jobs/:jobId/deliveries/:deliveryId/resend': { post: resendDelivery(context) },
  '/keys': { get: listKeys(context), post: createKey(context) },
  '/keys/:secretId': { delete: revokeKey(context) },
  '/queues': { get: listQueues(context) },
  '/queues/:queueId': { patch: updateQueue(context) },
  '/stats': { get: getStats(context) },
  '/maintenance/:task': { post: runMaintenance(context) },
})

/** What takes as long as its client's line needs. */
const transferRoutes = (context: ApiContext): RouteTable => ({
  ...stillRoutes(context),
  '/objects/:bucket/*object': {
    get: getObject(context),
    put: putObject(context),
    delete: deleteObject(context),
  },
})

const eventRoutes = (context: ApiContext): RouteTable => ({
  '/jobs/:jobId/events': { get: jobEvents(context) },
})

const stillRoutes = (context: ApiContext): RouteTable =>
  Object.fromEntries(
    (Object.keys(stills) as Still[]).map((still) => [
      `/libraries/:dnaDbId/videos/:videoId/${still}`,
      { get: getStill(context, still) },
    ]),
  )
