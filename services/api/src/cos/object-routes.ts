import { type Action, headerValues, parseTarget } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { isReserved } from '@kinoprint/objects'
import type { Request, RequestHandler, Response } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { checkHost, requestHost } from '../http/request-host.ts'
import { scopeOf } from '../http/request-scope.ts'
import { rejectNul } from '../http/request-target.ts'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { limitInFlight, limitRate, runInFlight } from '../limits/limit-in-flight.ts'
import { createContentTypes } from '../objects/content-type.ts'
import { authenticate } from '../tencent/authenticate.ts'
import { targetBucketOf } from '../tencent/request-target-bucket.ts'
import { asCosFault } from './cos-fault.ts'
import {
  authorizeObjects,
  type ObjectContext,
  type ObjectHandler,
  type ObjectRequest,
  queryValue,
} from './object-request.ts'
import { isMediaHost, namedTargetOf, type ObjectTarget, otherTargetOf } from './object-target.ts'
import { deleteObject, getObject, headBucket, listBucket, putObject } from './objects.ts'
import { abortUpload, beginUpload, completeUpload, listUploadParts, listUploads, putPart } from './uploads.ts'

/** Concurrent bucket listings. Each holds every name in its bucket, about 100 bytes per name. */
const LISTINGS = { concurrency: 2, waitMs: 10_000 }

export type ObjectRoutes = {
  /** Middleware: answers requests whose host or path names a bucket, and signed ones to the root. Passes others on. */
  readonly named: RequestHandler
  /** Middleware: answers signed requests that no other route has taken, unless their host belongs to jobs alone. */
  readonly others: RequestHandler
}

/** The object calls of COS, for clients that upload and then submit. */
export function objectRoutes(context: ApiContext): ObjectRoutes {
  const objectContext: ObjectContext = {
    ...context,
    contentTypes: createContentTypes(context.objects),
    listings: createConcurrencyLimiter(LISTINGS),
  }
  const first: readonly RequestHandler[] = [
    checkHost,
    rejectNul,
    limitRate(context.rate),
    context.cors.preflight,
  ]
  const answer = async (req: Request, res: Response, target: ObjectTarget): Promise<void> => {
    res.setHeader('Server', 'tencent-ci')
    scopeOf(req).route = target.object === '' ? '/{bucket}' : '/{bucket}/{object}'
    try {
      await run(objectContext, { req, res }, target)
    } catch (error) {
      throw asCosFault(error)
    }
  }
  return {
    named: async (req, res, next) => {
      const target = namedTargetOf(requestHost(req), req.url) ?? rootTarget(req)
      if (target === null) return next()
      for (const handler of first) {
        let isDone = true
        await handler(req, res, () => {
          isDone = false
        })
        if (isDone) return
      }
      await answer(req, res, target)
    },
    others: async (req, res, next) => {
      if (!isSigned(req) || isMediaHost(requestHost(req))) return next()
      await answer(req, res, otherTargetOf(req.url))
    },
  }
}

/** The bucket of the key, for a signed request to the root. Unsigned ones get the console. */
function rootTarget(req: Request): ObjectTarget | null {
  const isRoot = req.path === '/' && isSigned(req) && !isMediaHost(requestHost(req))
  return isRoot ? otherTargetOf(req.url) : null
}

function isSigned(req: Request): boolean {
  const isHeader = headerValues(req.rawHeaders, 'authorization').some((value) =>
    /q-sign-algorithm=/i.test(value),
  )
  const { query } = parseTarget(req.url)
  return isHeader || ['q-sign-algorithm', 'sign'].some((name) => (queryValue(query, name) ?? '') !== '')
}

async function run(
  context: ObjectContext,
  { req, res }: Pick<ObjectRequest, 'req' | 'res'>,
  { bucket: named, object }: ObjectTarget,
): Promise<void> {
  const { inFlight, connections, settings } = context
  const key = await runInFlight(inFlight.unauthenticated, clientAddress(req), () =>
    authenticate(context, req),
  )
  connections?.protect(req, res)
  limitInFlight({ req, res }, inFlight.transfers, key.secretId)
  const { query } = parseTarget(scopeOf(req).target)
  const { action, handler } = callOf(req, { object, names: query.map(([name]) => name.toLowerCase()) })
  authorizeObjects(key, action)
  if (isReserved(object)) {
    throw new Fault('InvalidArgument', `${object} is reserved for the server. Choose another object name.`)
  }
  const { bucket } = targetBucketOf('', {
    pathBucket: named,
    keyBuckets: key,
    defaults: { bucket: settings.defaultBucket, region: settings.defaultRegion },
  })
  await handler(context, { req, res, key, bucket, object, query })
}

type Call = { readonly action: Action; readonly handler: ObjectHandler }

/** Parameters of calls that would be misunderstood as another one. */
const UNSUPPORTED = [
  ...[
    'acl',
    'append',
    'bucket-encryption',
    'ci-process',
    'cors',
    'delete',
    'domain',
    'encryption',
    'intelligenttiering',
  ],
  ...[
    'inventory',
    'lifecycle',
    'location',
    'logging',
    'notification',
    'object-lock',
    'origin',
    'policy',
    'referer',
  ],
  ...[
    'replication',
    'restore',
    'select',
    'symlink',
    'tagging',
    'versionid',
    'versioning',
    'versions',
    'website',
  ],
]

function callOf(req: Request, { object, names }: { object: string; names: readonly string[] }): Call {
  const unsupported = names.find((name) => UNSUPPORTED.includes(name))
  if (unsupported !== undefined) throw notSupported(`The parameter ${unsupported}`)
  const has = (name: string): boolean => names.includes(name)
  const { method } = req
  if (object === '') {
    if (method === 'GET' && has('uploads')) return { action: 'cos:GetBucket', handler: listUploads }
    if (method === 'GET') return { action: 'cos:GetBucket', handler: listBucket }
    if (method === 'HEAD') return { action: 'cos:GetBucket', handler: headBucket }
    throw notSupported(`${method} of a bucket`)
  }
  if (has('uploadid')) {
    if (method === 'PUT') return { action: 'cos:PutObject', handler: putPart }
    if (method === 'POST') return { action: 'cos:PutObject', handler: completeUpload }
    if (method === 'GET') return { action: 'cos:PutObject', handler: listUploadParts }
    if (method === 'DELETE') return { action: 'cos:PutObject', handler: abortUpload }
  }
  if (method === 'POST' && has('uploads')) return { action: 'cos:PutObject', handler: beginUpload }
  if (method === 'GET' || method === 'HEAD') return { action: 'cos:GetObject', handler: getObject }
  if (method === 'DELETE') return { action: 'cos:DeleteObject', handler: deleteObject }
  if (method === 'PUT') {
    if (req.headers['x-cos-copy-source'] !== undefined) throw notSupported('Copying an object')
    return { action: 'cos:PutObject', handler: putObject }
  }
  throw notSupported(`${method} of an object`)
}

/** With a status of 4xx: SDKs repeat a request that gets 501. */
function notSupported(what: string): Fault {
  return new Fault(
    'InvalidUrl',
    `${what} is not supported. Supported are PUT, GET, HEAD and DELETE of an object.`,
  )
}
