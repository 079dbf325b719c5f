import { setTimeout as delay } from 'node:timers/promises'
import { getJobHeads, type JobHead } from '@kinoprint/store'
import type { RequestHandler, Response } from 'express'
import type { ApiContext } from '../context.ts'
import { findJobHead } from './find-job.ts'
import { jobSummary } from './job-body.ts'

const LOOK_MS = 500
/** A comment now and then keeps proxies from closing a stream where nothing happens. */
const COMMENT_MS = 15_000
const UNREAD_MS = 60_000

/** GET /admin/jobs/:jobId/events: server-sent events `job`, one at once and one for every change until it ends. */
export const jobEvents =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const job = await findJobHead(context, req)
    const over = new AbortController()
    const end = () => over.abort()
    res.on('close', end)
    context.stopping?.addEventListener('abort', end)
    try {
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
      await follow(context, job, { res, signal: over.signal })
    } finally {
      context.stopping?.removeEventListener('abort', end)
      res.end()
    }
  }

const hasEnded = ({ state }: JobHead): boolean => ['Success', 'Failed', 'Cancel'].includes(state)

const follow = async (
  { db }: ApiContext,
  first: JobHead,
  { res, signal }: { res: Response; signal: AbortSignal },
): Promise<void> => {
  let job = first
  let said = ''
  let saidAtMs = performance.now()
  while (!signal.aborted) {
    // A client that does not read gets nothing more, and is left once that has lasted.
    if (res.writableNeedDrain && performance.now() - saidAtMs > UNREAD_MS) return void res.destroy()
    const data = JSON.stringify(jobSummary(job))
    if (!res.writableNeedDrain && (data !== said || performance.now() - saidAtMs > COMMENT_MS)) {
      res.write(data === said ? ': still here\n\n' : `event: job\ndata: ${data}\n\n`)
      saidAtMs = performance.now()
      said = data
    }
    if (hasEnded(job)) return
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined)
    const [now] = await getJobHeads(db, [job.jobId])
    if (!now) return
    job = now
  }
}
