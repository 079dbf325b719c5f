import { setTimeout as delay } from 'node:timers/promises'
import { SERVED_BY } from './balancer.ts'

/** What a page knows of the jobs that it shows, kept current by the event stream alone. */
export type EventFollower = {
  /** State of each job by its id. */
  readonly states: ReadonlyMap<string, string>
  /** The servers of the streams so far, in order. */
  readonly servers: readonly string[]
  /** How often it had to load everything, because a server did not know its last event. */
  readonly resets: number
  close(): Promise<void>
}

type FollowOptions = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}
type Event = { readonly id: string; readonly name: string; readonly data: string }
type Job = { readonly jobId: string; readonly state: string }

const RECONNECT_MS = 200
const PAGE_SIZE = 100

/**
 * Follows the jobs of a product as its console does: loads them when the stream says `reset`, and otherwise relies on the
 * events. Connects again with Last-Event-ID when the stream ends or breaks.
 */
export async function followJobs({ url, headers }: FollowOptions): Promise<EventFollower> {
  const states = new Map<string, string>()
  const servers: string[] = []
  const closed = new AbortController()
  let lastId: string | null = null
  let resets = 0

  async function loadAll(): Promise<void> {
    const loaded = new Map<string, string>()
    for (let page = 1, total = 1; (page - 1) * PAGE_SIZE < total; page++) {
      const answer = await fetch(`${url}/admin/jobs?pageSize=${PAGE_SIZE}&page=${page}`, { headers })
      if (!answer.ok) throw new Error(`The list of jobs returned ${answer.status}.`)
      const body = (await answer.json()) as { items: Job[]; total: number }
      total = body.total
      // Jobs that arrive meanwhile move others to a later page; the first sight of a job is the newest.
      for (const job of body.items) if (!loaded.has(job.jobId)) loaded.set(job.jobId, job.state)
    }
    for (const [jobId, state] of loaded) states.set(jobId, state)
  }

  async function apply({ id, name, data }: Event): Promise<void> {
    if (id !== '') lastId = id
    if (name === 'reset') {
      resets += 1
      return loadAll()
    }
    if (name === 'jobs' && (JSON.parse(data) as { omitted: number }).omitted > 0) return loadAll()
    if (name !== 'job') return
    const job = JSON.parse(data) as Job
    states.set(job.jobId, job.state)
  }

  async function readStream(): Promise<void> {
    const answer = await fetch(`${url}/admin/events?topics=jobs`, {
      headers: { ...headers, ...(lastId === null ? {} : { 'last-event-id': lastId }) },
      signal: closed.signal,
    })
    if (!answer.ok || answer.body === null) throw new Error(`The stream returned ${answer.status}.`)
    servers.push(answer.headers.get(SERVED_BY) ?? '')
    let text = ''
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      // Events wait here until everything is loaded, so that no older state replaces a newer one.
      for (const block of blocks) await apply(parseEvent(block))
    }
  }

  const done = (async () => {
    while (!closed.signal.aborted) {
      await readStream().catch(() => undefined)
      await delay(RECONNECT_MS, undefined, { signal: closed.signal }).catch(() => undefined)
    }
  })()
  return {
    states,
    servers,
    get resets() {
      return resets
    },
    close: () => {
      closed.abort()
      return done
    },
  }
}

function parseEvent(block: string): Event {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
  )
  return { id: fields.get('id') ?? '', name: fields.get('event') ?? '', data: fields.get('data') ?? '' }
}
