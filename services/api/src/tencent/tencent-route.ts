import { type Action, type Paging, parseTarget, type QueryField } from '@kinoprint/contract'
import type { ApiKey, Scope } from '@kinoprint/store'
import type { Request, RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { requestHost } from '../http/request-host.ts'
import { scopeOf } from '../http/request-scope.ts'
import { acquireInFlight, limitInFlight, runInFlight } from '../limits/limit-in-flight.ts'
import { authenticate } from './authenticate.ts'
import { authorize, tenantScope } from './authorize.ts'
import { splitPathStyle, type TargetBucket, targetBucketOf } from './request-target-bucket.ts'
import { sendXml, sendXmlParts, type XmlParts } from './send-xml.ts'

/** An authenticated and authorized request. */
type SignedRequest = {
  readonly req: Request
  readonly key: ApiKey
  readonly targetBucket: TargetBucket
  /** The rows that the request may read or change. */
  readonly scope: Scope
  readonly query: readonly QueryField[]
  readonly requestId: string
}

/** Returns the body of the response, or its parts if it may be long. A thrown error becomes an error response. */
export type TencentHandler = (request: SignedRequest) => Promise<string | XmlParts>

/** A signed route: authentication, limits, authorization and scope before the handler. */
export function tencentRoute(
  context: ApiContext,
  { action, handler }: { action: Action; handler: TencentHandler },
): RequestHandler {
  return async (req, res) => {
    const { target, requestId } = scopeOf(req)
    const { inFlight, connections } = context
    const key = await runInFlight(inFlight.unauthenticated, clientAddress(req), () =>
      authenticate(context, req),
    )
    connections?.protect(req, res)
    limitInFlight({ req, res }, inFlight.signed, key.secretId)
    authorize(key, action)
    const targetBucket = targetBucketOf(requestHost(req), {
      pathBucket: splitPathStyle(target).bucket,
      keyBuckets: key,
      defaults: { bucket: context.settings.defaultBucket, region: context.settings.defaultRegion },
    })
    const scope = tenantScope({ targetBucket, key }, context.settings.defaultRegion)
    const body = await handler({ req, key, targetBucket, scope, query: parseTarget(target).query, requestId })
    if (typeof body === 'string') return sendXml(res, body)
    await sendXmlParts(res, body, () => acquireInFlight(inFlight.lists, key.secretId))
  }
}

/** One page of a list that was read completely. */
export function pageSlice<T>(items: readonly T[], { pageNumber, pageSize }: Paging): readonly T[] {
  return items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
}
