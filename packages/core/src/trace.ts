/** An attribute names an id, a route or a number: never a secret, and nothing that a client typed. */
type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export type SpanStart = {
  /** Of few kinds, such as `POST /jobs` or `ffmpeg`. What differs from call to call is an attribute. */
  readonly name: string
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer' | undefined
  /** W3C `traceparent` of the span that caused this one. Default: the span in progress. */
  readonly parent?: string | null | undefined
  /** Whether it is only recorded within another span. Default: false. */
  readonly needsParent?: boolean | undefined
  readonly attributes?: SpanAttributes | undefined
}

/** Times are milliseconds since 1970. */
type EndedSpan = SpanStart & {
  readonly startedAt: number
  readonly endedAt: number
  /** Why it failed; absent on success. */
  readonly error?: string | undefined
}

/** A span in progress. */
export type OpenSpan = {
  rename(name: string): void
  set(attributes: SpanAttributes): void
  fail(error: string): void
}

/** What records spans. packages/runtime has one for OpenTelemetry. */
export type Tracer = {
  run<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T>
  record(span: EndedSpan): void
  /** W3C `traceparent` of the span in progress; null if there is none. */
  parent(): string | null
}

const noSpan: OpenSpan = { rename: () => undefined, set: () => undefined, fail: () => undefined }
let tracer: Tracer | null = null

/** Records spans from now on; null records none, which is the default. */
export function setTracer(next: Tracer | null): void {
  tracer = next
}

export function isTracing(): boolean {
  return tracer !== null
}

/** Runs work as a span. Without a tracer, only runs it. */
export function inSpan<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  return tracer === null ? work(noSpan) : tracer.run(start, work)
}

/** Records a span that has already ended, for work that other threads and processes did. */
export function recordSpan(span: EndedSpan): void {
  tracer?.record(span)
}

/** W3C `traceparent` of the span in progress; null if there is none. */
export function traceParent(): string | null {
  return tracer?.parent() ?? null
}
