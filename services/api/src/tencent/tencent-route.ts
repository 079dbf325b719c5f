import { type Action, parseTarget, type QueryField } from '@kinoprint/contract'
import type { ApiKey, Scope } from '@kinoprint/store'
import type { Request, RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { requestHost } from '../http/request-host.ts'
import { scopeOf } from '../http/request-scope.ts'
import { inPlace, takeOne, takePlace } from '../http/take-place.ts'
import { authenticate } from './authenticate.ts'
import { authorize } from './authorize.ts'
import { type Place, placeOf, splitPathStyle } from './place.ts'
import { sendXml, sendXmlParts, type XmlParts } from './send-xml.ts'
import { tenantScope } from './tenant-scope.ts'

/** A request whose key may do what it asks. */
type SignedRequest = {
  readonly req: Request
  readonly key: ApiKey
  readonly place: Place
  /** What the request may see or change. */
  readonly scope: Scope
  readonly query: readonly QueryField[]
  readonly requestId: string
}

/** Acts and answers the body, or its parts where it may be long; what it throws becomes an error's body. */
export type TencentHandler = (request: SignedRequest) => Promise<string | XmlParts>

/** Puts the checks that every signed route shares before its handler. */
export const tencentRoute =
  (context: ApiContext, { action, handler }: { action: Action; handler: TencentHandler }): RequestHandler =>
  async (req, res) => {
    const { target, requestId } = scopeOf(req)
    const { shares, connections } = context
    const key = await inPlace(shares.strangers, clientAddress(req), () => authenticate(context, req))
    connections?.keep(req, res)
    takePlace({ req, res }, shares.signed, key.secretId)
    authorize(key, action)
    const place = placeOf(requestHost(req), {
      pathBucket: splitPathStyle(target).bucket,
      rights: key,
      defaults: { bucket: context.settings.defaultBucket, region: context.settings.defaultRegion },
    })
    const scope = tenantScope({ place, key }, context.settings.defaultRegion)
    const body = await handler({ req, key, place, scope, query: parseTarget(target).query, requestId })
    if (typeof body === 'string') return sendXml(res, body)
    await sendXmlParts(res, body, () => takeOne(shares.lists, key.secretId))
  }
