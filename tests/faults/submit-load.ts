import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { jobXml, type Submit } from '../e2e/client.ts'

/** The outcome of a request: `accepted`, the Code of the error, or `no answer`. */
export type Answer = { readonly what: string; readonly seconds: number }

export type LoadOptions = {
  readonly url: string
  /** The body of `POST /jobs`, the same for all. */
  readonly authorization: string
  readonly jobs: readonly Submit[]
  /** Concurrent connections. */
  readonly connections: number
}

/** A later response counts as none. */
const ANSWER_LIMIT_MS = 250_000
const SLOW_DOWN_MS = 1_000

/** Sends all submissions as fast as the connections allow and returns the outcome of each. */
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
      // As Retry-After demands.
      if (what === 'SlowDown') await delay(SLOW_DOWN_MS)
    }
  }
  await Promise.all(Array.from({ length: connections }, lane))
  agent.destroy()
  return answers
}

type Post = { readonly agent: Agent; readonly authorization: string; readonly body: string }

function post(url: string, { agent, authorization, body }: Post): Promise<string> {
  return new Promise((resolve) => {
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
}

export function countOf(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { what } of answers) counts[what] = (counts[what] ?? 0) + 1
  return counts
}

/** The time in seconds within which `share` (0..1) of the responses arrived. */
export function secondsWithin(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ seconds }) => seconds).sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}
