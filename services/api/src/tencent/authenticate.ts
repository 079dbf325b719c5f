import { parseAuthorization, type VerifyOptions, verifySignature } from '@kinoprint/contract'
import { Fault, type FaultCode } from '@kinoprint/core'
import type { ApiKey } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { forwardedPort, requestHost } from '../http/request-host.ts'
import { scopeOf } from '../http/request-scope.ts'
import { isGuessable, tooManyWrongKeys } from '../limits/key-attempts.ts'

/** Faults that count as a failed attempt. */
const WRONG_KEY: readonly FaultCode[] = ['SecretidNotExist', 'SignatureDoesNotMatch']

/** The key that signed a request. Throws a Fault of the public error table, or SlowDown after too many wrong keys. */
export async function authenticate(context: ApiContext, req: Request): Promise<ApiKey> {
  const { signatureAttempts: attempts } = context
  const parts = { target: scopeOf(req).target, rawHeaders: req.rawHeaders }
  const authorization = parseAuthorization(parts)
  const attempt = { address: clientAddress(req), id: authorization.secretId }
  const isExhausted = attempts.isExhausted(attempt)
  if (isExhausted && !(await isUnguessable(context, attempt.id))) throw tooManyWrongKeys()
  try {
    const key = await verifyRequest(context, req, { ...parts, authorization })
    attempts.recordSuccess(attempt)
    return key
  } catch (error) {
    if (!(error instanceof Fault) || !WRONG_KEY.includes(error.code)) throw error
    if (isExhausted) throw tooManyWrongKeys()
    attempts.recordFailure(attempt)
    throw error
  }
}

/** Called for addresses over the limit. An unknown id must not cost a query. */
async function isUnguessable({ keys }: ApiContext, secretId: string): Promise<boolean> {
  const key = (await keys.exists(secretId)) ? await keys.find(secretId) : null
  return key !== null && !isGuessable(key.secretKey)
}

async function verifyRequest(
  { keys, settings }: ApiContext,
  req: Request,
  signed: Pick<VerifyOptions, 'target' | 'rawHeaders' | 'authorization'>,
): Promise<ApiKey> {
  const scope = scopeOf(req)
  const { authorization } = signed
  const key = await keys.find(authorization.secretId)
  if (key === null) throw new Fault('SecretidNotExist', 'The SecretId of the signature does not exist.')
  scope.secretId = key.secretId
  verifySignature({
    ...signed,
    method: req.method,
    secretKey: key.secretKey,
    nowSeconds: Math.floor(Date.now() / 1000),
    requireHost: settings.signatureRequireHost,
    host: requestHost(req),
    forwardedPort: forwardedPort(req),
  })
  keys.used(key.secretId, clientAddress(req))
  return key
}
