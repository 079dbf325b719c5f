import { AsyncLocalStorage } from 'node:async_hooks'
import { createThrottledWarnings, type SpanStart, type Tracer } from '@kinoprint/core'
import {
  type Context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { samplerOf } from './sampler.ts'
import type { TracingOptions } from './start-tracing.ts'
import type { TracingSettings } from './tracing-settings.ts'

/** A collector that does not answer must not hold up the end of a process. */
const CLOSE_TIMEOUT_MS = 2_000
/** Finished spans that wait to be sent. A search writes some dozens. More are dropped. */
const MAX_WAITING_SPANS = 8_192

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

/** A tracer that sends OTLP over HTTP as JSON, in batches. Failures are logged, at most once a minute. */
export function createOtelTracer(
  { endpoint, headers, serviceName, attributes, sampler, samplerArg }: TracingSettings,
  { log, service, version }: TracingOptions,
): { readonly tracer: Tracer; close(): Promise<void> } {
  const warnings = createThrottledWarnings(log)
  setGlobalErrorHandler((error) =>
    warnings.warn(error, 'Could not send traces to OTEL_EXPORTER_OTLP_ENDPOINT'),
  )
  const exporter = new OTLPTraceExporter({
    url: new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href,
    headers: { ...headers },
  })
  const named = { ...attributes, 'service.name': serviceName ?? service, 'service.version': version }
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(named)),
    sampler: samplerOf(sampler, samplerArg),
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: MAX_WAITING_SPANS })],
  })
  return {
    tracer: tracerOf(provider),
    close: async () => {
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())
      await Promise.race([provider.shutdown().catch(() => undefined), timeout])
    },
  }
}

function tracerOf(provider: TracerProvider): Tracer {
  const spans = provider.getTracer('kinoprint')
  const active = new AsyncLocalStorage<Span>()

  const contextOf = ({ parent }: SpanStart): Context => {
    if (parent !== undefined) {
      const known = parent === null ? null : parseTraceParent(parent)
      return known === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...known, isRemote: true })
    }
    const span = active.getStore()
    return span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span)
  }
  const start = (from: SpanStart, startTime?: number): Span => {
    const { name, kind, needsParent = false, attributes } = from
    if (needsParent && active.getStore() === undefined) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
    const options = {
      kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind],
      ...(attributes !== undefined && { attributes: { ...attributes } }),
      ...(startTime !== undefined && { startTime }),
    }
    return spans.startSpan(name, options, contextOf(from))
  }
  const fail = (span: Span, message: string): void => {
    span.setStatus({ code: SpanStatusCode.ERROR, message })
  }

  return {
    run: (from, work) => {
      const span = start(from)
      const open = {
        rename: (name: string) => void span.updateName(name),
        set: (attributes: NonNullable<SpanStart['attributes']>) => void span.setAttributes({ ...attributes }),
        fail: (message: string) => fail(span, message),
      }
      const within = async () => {
        try {
          return await work(open)
        } catch (error) {
          // Its text may quote a file or a value.
          fail(span, error instanceof Error ? error.name : 'Error')
          throw error
        } finally {
          span.end()
        }
      }
      // Without a parent, what it does is not part of a trace either.
      return span.isRecording() || from.needsParent !== true ? active.run(span, within) : work(open)
    },
    record: ({ startedAt, endedAt, error, ...from }) => {
      const span = start(from, startedAt)
      if (error !== undefined) fail(span, error)
      span.end(endedAt)
    },
    parent: () => {
      const known = active.getStore()?.spanContext()
      if (known === undefined) return null
      const flags = known.traceFlags.toString(16).padStart(2, '0')
      return `00-${known.traceId}-${known.spanId}-${flags}`
    },
  }
}
