import {
  createLog,
  type Environment,
  type Log,
  loadSettings,
  type Role,
  type Settings,
} from '@kinoprint/runtime'

/** What every long-running command begins with. */
export const startLog = (environment: Environment, role: Role): { settings: Settings; log: Log } => {
  const settings = loadSettings(environment, { role })
  return { settings, log: createLog(settings.logLevel) }
}
