import { setTimeout as delay } from 'node:timers/promises'
import type { JobHead } from '@kinoprint/store'
import type { Response } from 'express'
import { jobSummary } from './job-bodies.ts'

const POLL_MS = 500
/** Proxies close idle streams; a comment at this interval keeps one open. */
const COMMENT_MS = 15_000
const UNREAD_MS = 60_000

type Source = {
  /** The current state of the job; undefined once it has been deleted. */
  readonly read: () => Promise<JobHead | undefined>
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal | undefined
}

/** Sends server-sent events `job`: one immediately and one after every change, until the job ends. */
export async function sendJobEvents(res: Response, job: JobHead, { read, stopping }: Source): Promise<void> {
  const over = new AbortController()
  const end = () => over.abort()
  res.on('close', end)
  stopping?.addEventListener('abort', end)
  try {
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    })
    await follow(res, job, { read, signal: over.signal })
  } finally {
    stopping?.removeEventListener('abort', end)
    res.end()
  }
}

async function follow(
  res: Response,
  first: JobHead,
  { read, signal }: Pick<Source, 'read'> & { readonly signal: AbortSignal },
): Promise<void> {
  let job = first
  let sent = ''
  let sentAtMs = performance.now()
  while (!signal.aborted) {
    // A client that does not read receives no more events and is eventually disconnected.
    if (res.writableNeedDrain && performance.now() - sentAtMs > UNREAD_MS) return void res.destroy()
    const data = JSON.stringify(jobSummary(job))
    if (!res.writableNeedDrain && (data !== sent || performance.now() - sentAtMs > COMMENT_MS)) {
      res.write(data === sent ? ': still here\n\n' : `event: job\ndata: ${data}\n\n`)
      sentAtMs = performance.now()
      sent = data
    }
    if (['Success', 'Failed', 'Cancel'].includes(job.state)) return
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined)
    const now = await read()
    if (now === undefined) return
    job = now
  }
}
