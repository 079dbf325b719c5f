import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { jobXml, type Submit } from '../e2e/client.ts'

/** What became of a request: `accepted`, or the code that it was answered with, or `no answer`. */
export type Answer = { readonly what: string; readonly seconds: number }

export type LoadOptions = {
  readonly url: string
  /** Of `POST /jobs`, without headers: the same for all. */
  readonly authorization: string
  readonly jobs: readonly Submit[]
  /** Connections at once. */
  readonly connections: number
}

/** Longer than any answer may take: what comes later counts as none. */
const ANSWER_LIMIT_MS = 60_000
const SLOW_DOWN_MS = 1_000

/** Sends every submission as fast as the connections carry them. Each is answered or counts as unanswered. */
export async function submitBurst({ url, authorization, jobs, connections }: LoadOptions): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const answers: Answer[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (;;) {
      const job = jobs[next++]
      if (job === undefined) return
      const began = performance.now()
      const what = await post(`${url}/jobs`, { agent, authorization, body: jobXml(job) })
      answers.push({ what, seconds: (performance.now() - began) / 1000 })
      // As Retry-After says.
      if (what === 'SlowDown') await delay(SLOW_DOWN_MS)
    }
  }
  await Promise.all(Array.from({ length: connections }, lane))
  agent.destroy()
  return answers
}

type Post = { readonly agent: Agent; readonly authorization: string; readonly body: string }

const post = (url: string, { agent, authorization, body }: Post): Promise<string> =>
  new Promise((resolve) => {
    const headers = {
      authorization,
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(url, { method: 'POST', agent, headers, timeout: ANSWER_LIMIT_MS }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += String(chunk)
      })
      response.on('end', () => {
        const code = /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] ?? String(response.statusCode)
        resolve(response.statusCode === 200 ? 'accepted' : code)
      })
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve('no answer'))
    sent.end(body)
  })

export const countOf = (answers: readonly Answer[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { what } of answers) counts[what] = (counts[what] ?? 0) + 1
  return counts
}

/** The seconds within which `share` (0..1) of the answers came. */
export function secondsWithin(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ seconds }) => seconds).sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}
