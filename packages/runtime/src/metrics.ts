import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { answerWithin } from './readiness.ts'

type JobEnd = {
  readonly state: string
  readonly ruleType: string
  /** Seconds of the attempt that ended the job. */
  readonly seconds: number
  /** Seconds since the job was submitted. */
  readonly sinceSubmission: number
  /** The error code of a failed job. */
  readonly code?: string | undefined
}

type StageEnd = {
  readonly ruleType: string
  readonly stage: string
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
  /** The error code of a request that failed. */
  readonly code?: string | undefined
}

/** A metric whose values are read at each scrape. */
type Figure = {
  readonly name: string
  readonly help: string
  /** Default: gauge. A counter's value never falls. */
  readonly type?: 'gauge' | 'counter'
  readonly labelNames?: readonly string[]
}

type Reading = {
  /** Name of a figure of the same group. */
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** Figures that one read yields. If it fails, only their series are missing. */
export type FigureGroup = {
  readonly figures: readonly Figure[]
  readonly read: () => Promise<readonly Reading[]>
}

export type Metrics = {
  readonly registry: Registry
  jobEnded(end: JobEnd): void
  jobPartial(job: { readonly ruleType: string }): void
  stageEnded(end: StageEnd): void
  callbackTried(attempt: CallbackAttempt): void
  httpAnswered(answer: HttpAnswer): void
  /** Returns the metrics in the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>
}

/** Jobs take from half a second (a clip) to half an hour. */
const JOB_BUCKETS_SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800]
/** A stage takes milliseconds (candidates) to minutes (fingerprint). */
const STAGE_BUCKETS_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800]
/** From a clip on an idle machine to an upload that waits behind a day's backlog. */
const TURNAROUND_BUCKETS_SECONDS = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400]
const HTTP_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Time limit for one group. Prometheus waits 10 s for all of them. */
const READ_TIMEOUT_MS = 3_000

/**
 * Creates a registry with the metrics of Node.js and of Kinoprint.
 *
 * @example const metrics = createMetrics({ groups: [queueFigures(queue)] })
 */
export function createMetrics({ groups = [] }: { readonly groups?: readonly FigureGroup[] } = {}): Metrics {
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
  const turnaround = new Histogram({
    name: 'kinoprint_job_turnaround_seconds',
    help: 'Seconds from the submission of a job to its end, by rule.',
    labelNames: ['rule'],
    buckets: TURNAROUND_BUCKETS_SECONDS,
    registers,
  })
  const jobsFailed = new Counter({
    name: 'kinoprint_jobs_failed_total',
    help: 'Failed jobs, by rule and error code.',
    labelNames: ['rule', 'code'],
    registers,
  })
  const jobsPartial = new Counter({
    name: 'kinoprint_jobs_partial_total',
    help: 'Successful jobs that did without shards that are away, by rule.',
    labelNames: ['rule'],
    registers,
  })
  const stageSeconds = new Histogram({
    name: 'kinoprint_stage_seconds',
    help: 'Seconds that an attempt spends in a stage, by rule and stage.',
    labelNames: ['rule', 'stage'],
    buckets: STAGE_BUCKETS_SECONDS,
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
  const httpErrors = new Counter({
    name: 'kinoprint_http_errors_total',
    help: 'Requests that were refused or failed, by error code.',
    labelNames: ['code'],
    registers,
  })
  const httpSeconds = new Histogram({
    name: 'kinoprint_http_seconds',
    help: 'Seconds to answer a request, by method and route.',
    labelNames: ['method', 'route'],
    buckets: HTTP_BUCKETS_SECONDS,
    registers,
  })
  const readGroups = groups.map((group) => registerGroup(registry, group))
  return {
    registry,
    jobEnded: ({ state, ruleType: rule, seconds, sinceSubmission, code }) => {
      jobsEnded.inc({ state, rule })
      jobSeconds.observe({ rule }, seconds)
      turnaround.observe({ rule }, sinceSubmission)
      if (code !== undefined) jobsFailed.inc({ rule, code })
    },
    jobPartial: ({ ruleType: rule }) => jobsPartial.inc({ rule }),
    stageEnded: ({ ruleType: rule, stage, seconds }) => stageSeconds.observe({ rule, stage }, seconds),
    callbackTried: ({ type, outcome }) => callbacks.inc({ type, outcome }),
    httpAnswered: ({ method, route, status, seconds, code }) => {
      httpRequests.inc({ method, route, status })
      if (code !== undefined) httpErrors.inc({ code })
      httpSeconds.observe({ method, route }, seconds)
    },
    render: async () => {
      await Promise.all(readGroups.map((read) => read()))
      return { contentType: registry.contentType, body: await registry.metrics() }
    },
  }
}

/** Returns a function that reads the group into the registry. It never rejects. */
function registerGroup(registry: Registry, { figures, read }: FigureGroup): () => Promise<void> {
  const metrics = new Map(
    figures.map(({ name, help, type, labelNames = [] }) => {
      const options = { name, help, labelNames: [...labelNames], registers: [registry] }
      return [name, type === 'counter' ? new Counter(options) : new Gauge(options)]
    }),
  )
  const unlabelled = figures.filter(({ labelNames = [] }) => labelNames.length === 0)
  return async () => {
    const readings = await answerWithin(READ_TIMEOUT_MS, read).catch(() => [])
    for (const metric of metrics.values()) metric.reset()
    // A metric without labels is 0 after a reset, which would be a wrong value if the read failed.
    for (const { name } of unlabelled) metrics.get(name)?.remove()
    for (const { name, labels = {}, value } of readings) metrics.get(name)?.inc({ ...labels }, value)
  }
}
