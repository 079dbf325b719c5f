import { type Agent, request } from 'node:http'
import { signRequest } from '@kinoprint/contract'

export type Server = { readonly url: string; readonly secretId: string; readonly secretKey: string }

export type SignedRequest = {
  readonly method: 'GET' | 'POST'
  /** Path and query. */
  readonly target: string
  /** XML. */
  readonly body?: string
  readonly agent: Agent
}

/** Signs and sends one request. Resolves when the whole response has arrived; rejects if its status is not 200. */
export function sendSigned(
  { url, secretId, secretKey }: Server,
  { method, target, body, agent }: SignedRequest,
): Promise<void> {
  const { host } = new URL(url)
  const now = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    method,
    target,
    headers: [['host', host]],
    secretId,
    secretKey,
    startSeconds: now - 60,
    endSeconds: now + 600,
  })
  const headers = {
    host,
    authorization,
    ...(body && { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) }),
  }
  return new Promise((resolve, reject) => {
    request(`${url}${target}`, { method, agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${method} ${target} returned ${answer.statusCode}`))
      answer.resume().once('end', resolve)
    })
      .once('error', reject)
      .end(body)
  })
}
