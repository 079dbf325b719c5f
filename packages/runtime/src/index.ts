export { renderEnvExample } from './env-example.ts'
export { type HealthOptions, type HealthServer, startHealthServer } from './health.ts'
export { createLog, type Log } from './log.ts'
export { createMetrics, type HttpAnswer, type JobEnd, type Metrics } from './metrics.ts'
export { type AllowedTarget, type AllowList, createAllowList, type TrustProxy } from './networks.ts'
export { createQuietLog, type QuietLog } from './quiet-log.ts'
export { type Check, checkReadiness, type Failing, type Readiness } from './readiness.ts'
export {
  encryptionKeyOf,
  ensureSecrets,
  type FirstKey,
  newFirstKey,
  newToken,
  type Secrets,
} from './secrets.ts'
export { type Environment, loadSettings, type Role, type S3Settings, type Settings } from './settings.ts'
export { type Closer, onShutdown, type Shutdown, type ShutdownOptions } from './shutdown.ts'
