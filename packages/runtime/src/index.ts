export { callbackHostOf, callbackRefusal } from './callback-refusal.ts'
export { renderEnvExample } from './env-example.ts'
export { withEnvFile } from './env-file.ts'
export { type HealthOptions, type HealthServer, startHealthServer } from './health.ts'
export { hideEnvironment } from './hide-environment.ts'
export { listenFault } from './listen-fault.ts'
export { createLog, type Log } from './log.ts'
export { createMetrics, type HttpAnswer, type JobEnd, type Metrics } from './metrics.ts'
export { allowsMqName, type MqNames } from './mq-names.ts'
export { type AllowedTarget, type AllowList, createAllowList, type TrustProxy } from './networks.ts'
export { oneAtATime } from './one-at-a-time.ts'
export { isPublicAddress } from './public-address.ts'
export { type Check, checkReadiness, type Failing, type Readiness, type Warning } from './readiness.ts'
export {
  encryptionKeyOf,
  ensureEncryptionKey,
  ensureSecrets,
  type FirstKey,
  newFirstKey,
  newToken,
  type Secrets,
} from './secrets.ts'
export {
  type Environment,
  loadSettings,
  type Role,
  type S3Settings,
  type Settings,
  secretNames,
} from './settings.ts'
export { type Closer, onShutdown, type Shutdown, type ShutdownOptions } from './shutdown.ts'
