import { type Log, setTracer } from '@kinoprint/core'
import type { Settings } from '../settings.ts'

export type RunningTracing = {
  /** Sends what is left, for at most 2 s. */
  close(): Promise<void>
}

export type TracingOptions = {
  readonly log: Log
  /** `service.name` of the spans, unless OTEL_SERVICE_NAME is set. */
  readonly service: string
  readonly version: string
}

/**
 * Sends the spans of this process to an OpenTelemetry collector, if the settings name one. Otherwise OpenTelemetry is not
 * even loaded. Call it before the database is opened.
 */
export async function startTracing(
  { tracing }: Pick<Settings, 'tracing'>,
  { log, service, version }: TracingOptions,
): Promise<RunningTracing> {
  if (tracing === null) return { close: async () => undefined }
  const { createOtelTracer } = await import('./otel-tracer.ts')
  const { tracer, close } = createOtelTracer(tracing, { log, service, version })
  setTracer(tracer)
  return {
    close: async () => {
      setTracer(null)
      await close()
    },
  }
}
