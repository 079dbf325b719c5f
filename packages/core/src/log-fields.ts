import { AsyncLocalStorage } from 'node:async_hooks'

/** What the work in progress belongs to. Every log line that it writes has these fields. */
export type LogFields = {
  readonly requestId?: string | undefined
  readonly jobId?: string | undefined
}

const current = new AsyncLocalStorage<LogFields>()

/** Runs work whose log lines have these fields, in addition to those of the work around it. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return current.run({ ...current.getStore(), ...fields }, work)
}

/** The fields of the work in progress; none outside of any. */
export function logFields(): LogFields {
  return current.getStore() ?? {}
}
