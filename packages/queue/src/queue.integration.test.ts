import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { jobIds, recordingLog, type TestBackend, testBackends } from './backends.fixture.ts'
import { type Consumer, consume, type Handler } from './consume.ts'
import { type JobQueue, openQueue } from './open-queue.ts'

const WAIT = { timeout: 250_000, interval: 20 }

describe.each(testBackends)('the job queue on $server', ({ open }) => {
  let backend: TestBackend
  let queue: JobQueue
  const log = recordingLog()
  const consumers: Consumer[] = []

  beforeAll(async () => {
    backend = await open()
    queue = await openQueue(backend.options, { log, answerTimeoutMs: WAIT.timeout })
  })
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.close({ timeoutMs: 2_000 })))
    await expect.poll(() => queue.counts(), WAIT).toMatchObject({ active: 0 })
  })
  afterAll(async () => {
    await queue.close()
    await backend.close()
  })

  const start = async (handler: Handler, concurrency = 1): Promise<Consumer> => {
    const consumer = await consume(backend.options, { concurrency, handler, log })
    consumers.push(consumer)
    return consumer
  }

  test('jobs of higher levels run first, and jobs of one level in order of arrival', {
    tags: ['level-order'],
  }, async () => {
    const [a, b, c, d, e] = jobIds(5) as [string, string, string, string, string]
    const jobs = [
      [a, 0],
      [b, 1],
      [c, 2],
      [d, 0],
      [e, 2],
    ] as const
    for (const [jobId, level] of jobs) await queue.enqueue(jobId, level)
    const order: string[] = []
    await start(async (jobId) => {
      order.push(jobId)
      return { kind: 'done' }
    })
    await expect.poll(() => order.length, WAIT).toBe(5)
    expect(order).toEqual([c, e, b, a, d])
    await expect.poll(() => queue.has([a, b, c, d, e]), WAIT).toEqual(new Set())
  })

  test('an idle worker runs new jobs in sequence', async () => {
    const taken: string[] = []
    await start(async (id) => {
      taken.push(id)
      return { kind: 'done' }
    })
    const [warmUp = '', jobId = ''] = jobIds(2)
    await queue.enqueue(warmUp, 0)
    await expect.poll(() => taken.length, WAIT).toBe(1)
    await expect.poll(() => queue.has([warmUp]), WAIT).toEqual(new Set())
    await queue.enqueue(jobId, 0)
    await expect.poll(() => taken, WAIT).toEqual([warmUp, jobId])
  })

  test('a deferred job is delivered again after its delay, and the queue holds it until then', async () => {
    const [jobId = ''] = jobIds(1)
    const times: number[] = []
    await start(async () => {
      times.push(Date.now())
      return times.length < 3 ? { kind: 'later', delayMs: 400 } : { kind: 'done' }
    })
    await queue.enqueue(jobId, 1)
    await expect.poll(() => times.length, WAIT).toBe(1)
    expect(await queue.has([jobId])).toEqual(new Set([jobId]))
    await expect.poll(() => times.length, WAIT).toBe(3)
    const [first = 0, second = 0, third = 0] = times
    expect(second - first).toBeGreaterThanOrEqual(395)
    expect(third - second).toBeGreaterThanOrEqual(395)
    await expect.poll(() => queue.has([jobId]), WAIT).toEqual(new Set())
  })

  test('the job of a handler that throws is retried, and the error is logged', async () => {
    const [jobId = ''] = jobIds(1)
    await start(async () => {
      throw new Error('a bug')
    })
    await queue.enqueue(jobId, 0)
    await expect.poll(() => queue.counts(), WAIT).toEqual({ waiting: 0, active: 0, delayed: 1 })
    expect(await queue.has([jobId])).toEqual(new Set([jobId]))
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: { jobId, err: new Error('a bug') } }),
    )
    expect(await queue.remove(jobId)).toBe(true)
  })

  test('an id that is added twice, alone or in bulk, gives one job', async () => {
    const [first = '', second = ''] = jobIds(2)
    await Promise.all([queue.enqueue(first, 0), queue.enqueue(first, 2)])
    await queue.enqueueMany([
      { jobId: first, jobLevel: 0 },
      { jobId: second, jobLevel: 1 },
      { jobId: second, jobLevel: 1 },
    ])
    expect(await queue.counts()).toEqual({ waiting: 2, active: 0, delayed: 0 })
    const seen: string[] = []
    await start(async (jobId) => {
      seen.push(jobId)
      // An id that is added while its job runs adds no second job.
      await queue.enqueue(jobId, 0)
      return { kind: 'done' }
    })
    await expect.poll(() => queue.counts(), WAIT).toEqual({ waiting: 0, active: 0, delayed: 0 })
    expect(seen.toSorted()).toEqual([first, second].toSorted())
  })

  test('the id of a finished job can be added again', async () => {
    const [jobId = ''] = jobIds(1)
    let runs = 0
    await start(async () => {
      runs += 1
      return { kind: 'done' }
    })
    await queue.enqueue(jobId, 0)
    await expect.poll(() => queue.has([jobId]), WAIT).toEqual(new Set())
    await queue.enqueue(jobId, 0)
    await expect.poll(() => runs, WAIT).toBe(2)
  })

  test('a removed job never runs, and removing an unknown job returns false', async () => {
    const [removed = '', kept = ''] = jobIds(2)
    await queue.enqueueMany([
      { jobId: removed, jobLevel: 2 },
      { jobId: kept, jobLevel: 0 },
    ])
    expect(await queue.remove(removed)).toBe(true)
    expect(await queue.remove(removed)).toBe(false)
    expect(await queue.has([removed, kept])).toEqual(new Set([kept]))
    const seen: string[] = []
    await start(async (jobId) => {
      seen.push(jobId)
      return { kind: 'done' }
    })
    await expect.poll(() => queue.has([kept]), WAIT).toEqual(new Set())
    expect(seen).toEqual([kept])
  })

  test('a worker that closes aborts its jobs, and another worker takes them at once', async () => {
    const [jobId = ''] = jobIds(1)
    const consumer = await start((_, { signal }) => untilAborted(signal))
    await queue.enqueue(jobId, 0)
    await expect.poll(() => consumer.running(), WAIT).toEqual([jobId])
    const other: string[] = []
    await start(async (id) => {
      other.push(id)
      return { kind: 'done' }
    })
    await consumer.close({ timeoutMs: 5_000 })
    await expect.poll(() => other, WAIT).toEqual([jobId])
  })

  test('a worker that closes abandons a job that does not stop within the timeout', async () => {
    const [jobId = ''] = jobIds(1)
    const end = new AbortController()
    const consumer = await start(async () => {
      await untilAborted(end.signal)
      return { kind: 'done' }
    })
    await queue.enqueue(jobId, 0)
    await expect.poll(() => consumer.running(), WAIT).toEqual([jobId])
    // The handler ends after the close, so a close that waited for it would hang.
    await consumer.close({ timeoutMs: 300 })
    end.abort()
    const other: string[] = []
    await start(async (id) => {
      other.push(id)
      return { kind: 'done' }
    })
    await expect.poll(() => other, WAIT).toEqual([jobId])
  })

  test('no more jobs run at once than the concurrency allows', async () => {
    let now = 0
    let most = 0
    let done = 0
    let open = (): void => undefined
    const full = new Promise<void>((resolve) => {
      open = resolve
    })
    await queue.enqueueMany(jobIds(12).map((jobId) => ({ jobId, jobLevel: 0 })))
    await start(async () => {
      now += 1
      most = Math.max(most, now)
      if (now === 3) open()
      await full
      now -= 1
      done += 1
      return { kind: 'done' }
    }, 3)
    await expect.poll(() => done, WAIT).toBe(12)
    expect(most).toBe(3)
  })

  test('has() finds hundreds of known ids among thousands of unknown ones', async () => {
    const known = jobIds(300)
    await queue.enqueueMany(known.map((jobId) => ({ jobId, jobLevel: 0 })))
    const found = await queue.has([...jobIds(1_500), ...known])
    expect(found).toEqual(new Set(known))
    await queue.ping()
    await Promise.all(known.map((jobId) => queue.remove(jobId)))
    expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0 })
  })
})

async function untilAborted(signal: AbortSignal): Promise<{ kind: 'later'; delayMs: number }> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
  return { kind: 'later', delayMs: 0 }
}
