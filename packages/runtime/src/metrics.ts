import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

type JobEnd = {
  readonly state: string
  readonly ruleType: string
  readonly seconds: number
}

type CallbackAttempt = {
  readonly type: string
  readonly outcome: string
}

type HttpAnswer = {
  readonly method: string
  /** The route pattern (`/jobs/:id`), never the path, because each value creates a new time series. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

export type Metrics = {
  readonly registry: Registry
  jobEnded(end: JobEnd): void
  callbackTried(attempt: CallbackAttempt): void
  httpAnswered(answer: HttpAnswer): void
  /** Returns the metrics in the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>
}

/** Jobs take from half a second (a clip) to half an hour. */
const JOB_BUCKETS_SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800]
const HTTP_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Creates a registry with the metrics of Node.js and of Kinoprint.
 *
 * @example const metrics = createMetrics({ queueDepth: () => queue.counts() })
 */
export function createMetrics({
  queueDepth,
}: {
  /** Counts the jobs in the queue by state. Called at each scrape. */
  readonly queueDepth?: () => Promise<Readonly<Record<string, number>>>
} = {}): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const jobsEnded = new Counter({
    name: 'kinoprint_jobs_ended_total',
    help: 'Finished jobs, by state and rule.',
    labelNames: ['state', 'rule'],
    registers,
  })
  const jobSeconds = new Histogram({
    name: 'kinoprint_job_seconds',
    help: 'Seconds from the start of a job to its end, by rule.',
    labelNames: ['rule'],
    buckets: JOB_BUCKETS_SECONDS,
    registers,
  })
  const callbacks = new Counter({
    name: 'kinoprint_callback_attempts_total',
    help: 'Attempts to send a callback, by type and outcome (delivered, retried, givenUp).',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const httpRequests = new Counter({
    name: 'kinoprint_http_requests_total',
    help: 'HTTP requests, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const httpSeconds = new Histogram({
    name: 'kinoprint_http_seconds',
    help: 'Seconds to answer a request, by method and route.',
    labelNames: ['method', 'route'],
    buckets: HTTP_BUCKETS_SECONDS,
    registers,
  })
  if (queueDepth) registerQueueDepth(registry, queueDepth)
  return {
    registry,
    jobEnded: ({ state, ruleType, seconds }) => {
      jobsEnded.inc({ state, rule: ruleType })
      jobSeconds.observe({ rule: ruleType }, seconds)
    },
    callbackTried: ({ type, outcome }) => callbacks.inc({ type, outcome }),
    httpAnswered: ({ method, route, status, seconds }) => {
      httpRequests.inc({ method, route, status })
      httpSeconds.observe({ method, route }, seconds)
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}

function registerQueueDepth(
  registry: Registry,
  queueDepth: () => Promise<Readonly<Record<string, number>>>,
): void {
  const gauge: Gauge<'state'> = new Gauge({
    name: 'kinoprint_queue_jobs',
    help: 'Jobs in the queue, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      gauge.reset()
      // If the queue does not respond, only its own series are missing.
      const counts = await queueDepth().catch(() => ({}))
      for (const [state, count] of Object.entries(counts)) gauge.set({ state }, count)
    },
  })
}
