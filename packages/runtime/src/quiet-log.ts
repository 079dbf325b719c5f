/** The part of a pino log that this uses. */
type WarningLog = { warn(fields: object, message: string): void }

export type QuietLog = {
  /** Says that something failed because a server is away, unless it said so a moment ago. */
  away(error: unknown, message: string, fields?: object): void
}

const REPEAT_MS = 30_000
const MAX_REMEMBERED = 100

/**
 * A log for what fails again and again while a server is away: one line without a stack for each message, and
 * once more every 30 s, with the number of times that it was not said.
 *
 * @example createQuietLog(log).away(error, 'Callbacks that are due could not be looked for')
 */
export function createQuietLog(log: WarningLog, { repeatMs = REPEAT_MS } = {}): QuietLog {
  const said = new Map<string, { atMs: number; unsaid: number }>()
  return {
    away: (error, message, fields = {}) => {
      const last = said.get(message)
      const now = performance.now()
      if (last !== undefined && now - last.atMs < repeatMs) {
        last.unsaid += 1
        return
      }
      if (said.size >= MAX_REMEMBERED) said.clear()
      said.set(message, { atMs: now, unsaid: 0 })
      const unsaid = last === undefined || last.unsaid === 0 ? {} : { unsaid: last.unsaid }
      log.warn({ ...fields, error: reasonOf(error), ...unsaid }, message)
    },
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return error.message || code || error.name
}
