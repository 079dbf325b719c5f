import type { Action } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { type RequestHandler, Router } from 'express'
import type { ApiContext } from '../context.ts'
import { limitRate } from '../http/limit-rate.ts'
import { refuseNul } from '../http/refuse-nul.ts'
import { checkHost } from '../http/request-host.ts'
import { type RouteTable, routeAll } from '../http/route-all.ts'
import { cancelJob } from './cancel-job.ts'
import { getJobs } from './get-jobs.ts'
import { listDnaDb } from './list-dnadb.ts'
import { listDnaDbFiles } from './list-dnadb-files.ts'
import { listJobs } from './list-jobs.ts'
import { listQueues } from './list-queues.ts'
import { splitPathStyle } from './place.ts'
import { postJob } from './post-job.ts'
import { type TencentHandler, tencentRoute } from './tencent-route.ts'
import { updateQueue } from './update-queue.ts'

/** The compatible API, and the answer to every path that nobody else knows. */
export const tencentRouter = (context: ApiContext): Router => {
  const router = Router({ caseSensitive: true })
  router.use((req, res, next) => {
    res.setHeader('Server', 'tencent-ci')
    req.url = splitPathStyle(req.url).target
    next()
  })
  router.use(checkHost)
  router.use(refuseNul)
  router.use(limitRate(context.rate))
  router.use(context.cors.preflight)
  routeAll(router, tencentRoutes(context))
  router.use((req) => {
    throw new Fault('InvalidUrl', `There is nothing at ${req.path}.`)
  })
  return router
}

const tencentRoutes = (context: ApiContext): RouteTable => {
  const signed = (action: Action, handler: TencentHandler): RequestHandler =>
    tencentRoute(context, { action, handler })
  const files = signed('ci:DescribeMediaDnaDbFiles', listDnaDbFiles(context))
  return {
    '/jobs': {
      get: signed('ci:DescribeMediaJobs', listJobs(context)),
      post: signed('ci:CreateMediaJobs', postJob(context)),
    },
    '/jobs/:jobIds': {
      get: signed('ci:DescribeMediaJob', getJobs(context)),
      put: signed('ci:CancelMediaJob', cancelJob(context)),
    },
    '/dnadb': { get: signed('ci:DescribeMediaDnaDbs', listDnaDb(context)) },
    '/dnadb_files': { get: files },
    '/dnadbfiles': { get: files },
    '/queue': { get: signed('ci:DescribeMediaQueues', listQueues(context)) },
    '/queue/:queueId': { put: signed('ci:UpdateMediaQueue', updateQueue(context)) },
  }
}
