import { Agent, request } from 'node:http'
import { signRequest } from '@kinoprint/contract'
import { jobXml } from '../../tests/e2e/client.ts'

const AT_ONCE = 16

export type Target = {
  readonly url: string
  readonly library: string
  readonly secretId: string
  readonly secretKey: string
}

/**
 * Sends `count` signed submits, sixteen at once over kept connections, and answers how many a second were answered.
 * Each asks for a file of its own: the same request twice within ten seconds is one job.
 */
export async function submitMany(
  target: Target,
  { name, count }: { readonly name: string; readonly count: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const bodies = Array.from({ length: count }, (_, n) =>
    jobXml({ rule: 'FindSimilarVideo', library: target.library, object: `${name}-${n}.mp4` }),
  )
  const begin = performance.now()
  const lane = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await submit(target, body, agent)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const seconds = (performance.now() - begin) / 1000
  agent.destroy()
  return count / seconds
}

function submit({ url, secretId, secretKey }: Target, body: string, agent: Agent): Promise<void> {
  const host = new URL(url).host
  const now = Math.floor(Date.now() / 1000)
  const signed = { method: 'POST', target: '/jobs', headers: [['host', host]] as [string, string][] }
  const window = { startSeconds: now - 60, endSeconds: now + 600 }
  const authorization = signRequest({ ...signed, secretId, secretKey, ...window })
  const headers = {
    host,
    authorization,
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    request(`${url}/jobs`, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`POST /jobs answered ${answer.statusCode}`))
      answer.resume().once('end', resolve)
    })
      .once('error', reject)
      .end(body)
  })
}
