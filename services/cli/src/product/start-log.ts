import type { Log } from '@kinoprint/core'
import { createLog, type Environment, loadSettings, type Role, type Settings } from '@kinoprint/runtime'

/** Loads the settings of a long-running command and opens its log. */
export function startLog(environment: Environment, role: Role): { settings: Settings; log: Log } {
  const settings = loadSettings(environment, { role })
  return { settings, log: createLog(settings.logLevel) }
}
