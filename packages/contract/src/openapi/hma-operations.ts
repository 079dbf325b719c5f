import { type HmaRoute, hmaRoutes } from '../hma/routes.ts'
import type { Operation } from './operation.ts'

/** The table of HMA routes as operations of the OpenAPI document. */
export const hmaOperations: readonly Operation[] = Object.values<HmaRoute>(hmaRoutes).map((route) => ({
  ...route,
  path: `/hma${route.path}`,
  tag: 'Hasher-Matcher-Actioner',
  auth: 'hma',
}))
