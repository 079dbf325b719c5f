import { logFields } from './log-fields.ts'
import { traceParent } from './trace.ts'

/** The request that submitted a job, by which logs and traces of the two are joined. */
export type JobOrigin = {
  /** As clients see it in `x-ci-request-id`. */
  readonly requestId: string | null
  /** W3C `traceparent` of the request's span. */
  readonly traceParent: string | null
}

/** The request in progress as the origin of a job. */
export function currentOrigin(): JobOrigin {
  return { requestId: logFields().requestId ?? null, traceParent: traceParent() }
}
