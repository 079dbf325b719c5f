import type { WorkLog } from '@kinoprint/engine'
import { createQuietLog, type QuietLog } from '@kinoprint/runtime'
import { isDatabaseAway } from '@kinoprint/store'

const quietLogs = new WeakMap<WorkLog, QuietLog>()

/**
 * Logs what went wrong: in full where somebody should look at it, briefly and seldom where the database is away,
 * because then everything goes wrong every second.
 */
export const warnOf = (log: WorkLog, error: unknown, message: string, fields: object = {}): void => {
  if (!isDatabaseAway(error)) {
    log.warn({ ...fields, err: error }, message)
    return
  }
  const quiet = quietLogs.get(log) ?? createQuietLog(log)
  quietLogs.set(log, quiet)
  quiet.away(error, message, fields)
}
