export { createDirectAdminClient } from './admin/direct-client.ts'
export { createApp } from './app.ts'
export type { ApiOptions, ApiSettings } from './context.ts'
export { type RunningApi, startApi } from './start-api.ts'
