import { Agent } from 'node:http'
import { jobXml } from '../../tests/e2e/client.ts'
import { type Server, sendSigned } from './send-signed.ts'

const AT_ONCE = 16

export type Target = Server & { readonly library: string }

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
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop())
      await sendSigned(target, { method: 'POST', target: '/jobs', body, agent })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const seconds = (performance.now() - begin) / 1000
  agent.destroy()
  return count / seconds
}
