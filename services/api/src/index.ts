export { createDirectAdminClient } from './admin/direct-client.ts'
export { createApp } from './app.ts'
export type { ApiMetrics, ApiOptions, ApiSecrets, ApiSettings, MaintenanceTask } from './context.ts'
export { type ListenOptions, type RunningApi, startApi } from './start-api.ts'
