import { Fault, parseAuthorization, verifySignature } from '@kinoprint/contract'
import type { ApiKey } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'
import { scopeOf } from '../http/request-scope.ts'

/** Whose request this is. Throws the Fault of the public table that says what is wrong with its signature. */
export const authenticate = async ({ keys, settings }: ApiContext, req: Request): Promise<ApiKey> => {
  const scope = scopeOf(req)
  const parts = { target: scope.target, rawHeaders: req.rawHeaders }
  const authorization = parseAuthorization(parts)
  const key = await keys.find(authorization.secretId)
  if (key === null) throw new Fault('SecretidNotExist', 'The SecretId of the signature does not exist.')
  scope.secretId = key.secretId
  verifySignature({
    ...parts,
    authorization,
    method: req.method,
    secretKey: key.secretKey,
    nowSeconds: Math.floor(Date.now() / 1000),
    requireHost: settings.signatureRequireHost,
    forwardedHost: req.host,
    forwardedPort: forwardedPort(req),
  })
  keys.used(key.secretId)
  return key
}

/** X-Forwarded-Port, of the proxies that TRUST_PROXY names. */
const forwardedPort = (req: Request): string | undefined => {
  const trusts = req.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  return trusts(req.socket.remoteAddress, 0) ? req.get('x-forwarded-port')?.split(',')[0]?.trim() : undefined
}
