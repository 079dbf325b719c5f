import { Agent } from 'node:http'
import pMap from 'p-map'
import { jobXml } from '../../tests/e2e/client.ts'
import { type Server, sendSigned } from './send-signed.ts'

const CONCURRENCY = 16

export type Target = Server & { readonly library: string }

/**
 * Sends `count` signed submissions, sixteen at a time over kept-alive connections, and returns responses per second.
 * Each names a different file, because the same request sent twice within ten seconds creates one job.
 */
export async function submitMany(
  target: Target,
  { name, count }: { readonly name: string; readonly count: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  const bodies = Array.from({ length: count }, (_, n) =>
    jobXml({ rule: 'FindSimilarVideo', library: target.library, object: `${name}-${n}.mp4` }),
  )
  const begin = performance.now()
  const submit = (body: string): Promise<void> =>
    sendSigned(target, { method: 'POST', target: '/jobs', body, agent })
  await pMap(bodies, submit, { concurrency: CONCURRENCY })
  const seconds = (performance.now() - begin) / 1000
  agent.destroy()
  return count / seconds
}
