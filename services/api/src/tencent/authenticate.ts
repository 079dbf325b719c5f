import { parseAuthorization, type VerifyOptions, verifySignature } from '@kinoprint/contract'
import { Fault, type FaultCode } from '@kinoprint/core'
import type { ApiKey } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { forwardedPort, requestHost } from '../http/request-host.ts'
import { scopeOf } from '../http/request-scope.ts'
import { isGuessable, tooManyWrongKeys } from '../limits/key-attempts.ts'

const WRONG_KEY: readonly FaultCode[] = ['SecretidNotExist', 'SignatureDoesNotMatch']

/** Whose request this is. Throws the Fault of the public table that says what is wrong with its signature. */
export async function authenticate(context: ApiContext, req: Request): Promise<ApiKey> {
  const { signatureAttempts: attempts } = context
  const parts = { target: scopeOf(req).target, rawHeaders: req.rawHeaders }
  const authorization = parseAuthorization(parts)
  const attempt = { address: clientAddress(req), id: authorization.secretId }
  const isExhausted = attempts.isExhausted(attempt)
  if (isExhausted && !(await isBeyondGuessing(context, attempt.id))) throw tooManyWrongKeys()
  try {
    const key = await verified(context, req, { ...parts, authorization })
    attempts.recordSuccess(attempt)
    return key
  } catch (error) {
    if (!(error instanceof Fault) || !WRONG_KEY.includes(error.code)) throw error
    if (isExhausted) throw tooManyWrongKeys()
    attempts.recordFailure(attempt)
    throw error
  }
}

/** Asked while an address sends wrong keys; of ids that do not exist it must cost no statement. */
async function isBeyondGuessing({ keys }: ApiContext, secretId: string): Promise<boolean> {
  const key = (await keys.exists(secretId)) ? await keys.find(secretId) : null
  return key !== null && !isGuessable(key.secretKey)
}

async function verified(
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
  keys.used(key.secretId)
  return key
}
