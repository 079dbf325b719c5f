import type { Action } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { type RequestHandler, Router } from 'express'
import type { ApiContext } from '../context.ts'
import { checkHost } from '../http/request-host.ts'
import { rejectNul } from '../http/request-target.ts'
import { addRoutes, type RouteTable } from '../http/route-table.ts'
import { limitRate } from '../limits/limit-in-flight.ts'
import { listDnaDb, listDnaDbFiles } from './dnadb.ts'
import { cancelInventory, getInventory, listInventory, postInventory } from './inventory.ts'
import { cancelJob, getJobs, listJobs } from './jobs.ts'
import { addBucket, listBuckets, listNothing } from './mediabucket.ts'
import { postJob } from './post-job.ts'
import { listQueues, updateQueue } from './queues.ts'
import { splitPathStyle } from './request-target-bucket.ts'
import { type TencentHandler, tencentRoute } from './tencent-route.ts'

/** The routes of the compatible API, and the response to unknown paths that `others` does not take. */
export function tencentRouter(context: ApiContext, { others }: { readonly others: RequestHandler }): Router {
  const router = Router({ caseSensitive: true })
  router.use((req, res, next) => {
    res.setHeader('Server', 'tencent-ci')
    req.url = splitPathStyle(req.url).target
    next()
  })
  router.use(checkHost)
  router.use(rejectNul)
  router.use(limitRate(context.rate))
  router.use(context.cors.preflight)
  addRoutes(router, tencentRoutes(context))
  router.use(others)
  router.use((req) => {
    throw new Fault('InvalidUrl', `The path ${req.path} does not exist.`)
  })
  return router
}

function tencentRoutes(context: ApiContext): RouteTable {
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
    '/inventorytriggerjob': {
      get: signed('ci:DescribeInventoryTriggerJobs', listInventory(context)),
      post: signed('ci:CreateInventoryTriggerJob', postInventory(context)),
    },
    '/inventorytriggerjob/:jobId': {
      get: signed('ci:DescribeInventoryTriggerJob', getInventory(context)),
      put: signed('ci:CancelInventoryTriggerJob', cancelInventory(context)),
    },
    '/mediabucket': {
      get: signed('ci:DescribeMediaBuckets', listBuckets(context)),
      post: signed('ci:CreateMediaBucket', addBucket(context)),
    },
    '/template': { get: signed('ci:DescribeMediaTemplates', listNothing()) },
    '/workflow': { get: signed('ci:DescribeWorkflow', listNothing()) },
    '/queue': { get: signed('ci:DescribeMediaQueues', listQueues(context)) },
    '/queue/:queueId': { put: signed('ci:UpdateMediaQueue', updateQueue(context)) },
  }
}
