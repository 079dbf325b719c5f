import { aboutRoutes } from './about.ts'
import { auditRoutes } from './audit.ts'
import { compareRoutes } from './compare.ts'
import { comparisonRoutes } from './comparisons.ts'
import { eventRoutes } from './events.ts'
import { evidenceRoutes } from './evidence.ts'
import { fingerprintRoutes } from './fingerprints.ts'
import { heldPassageRoutes } from './held-passages.ts'
import { ignoredPassageRoutes } from './ignored-passages.ts'
import { jobRoutes } from './jobs.ts'
import { keyRoutes } from './keys.ts'
import { libraryRoutes } from './libraries.ts'
import { libraryFileRoutes } from './library-files.ts'
import { maintenanceRoutes } from './maintenance.ts'
import { matchCallbackRoutes } from './match-callbacks.ts'
import { matchRoutes } from './matches.ts'
import { objectEventRoutes } from './object-events.ts'
import { objectRoutes } from './objects.ts'
import { previewRoutes } from './previews.ts'
import { queueRoutes } from './queues.ts'
import { reindexingRoutes } from './reindexing.ts'
import type { AdminRoute, AnswerOf, BodyOf, ParametersOf, QueryOf } from './route.ts'
import { seriesRoutes } from './series.ts'
import { sessionRoutes } from './sessions.ts'
import { shardRoutes } from './shards.ts'
import { statsRoutes } from './stats.ts'
import { stillRoutes } from './stills.ts'
import { tryRoutes } from './try.ts'
import { usageRoutes } from './usage.ts'
import { userRoutes } from './users.ts'
import { videoRoutes } from './videos.ts'
import { workerRoutes } from './workers.ts'

/**
 * Every route under /admin by name. The router, the OpenAPI document and the client are generated from this table. The
 * API has a handler of the same name for each route.
 */
export const adminRoutes = {
  ...libraryRoutes,
  ...libraryFileRoutes,
  ...videoRoutes,
  ...fingerprintRoutes,
  ...objectRoutes,
  ...objectEventRoutes,
  ...stillRoutes,
  ...previewRoutes,
  ...tryRoutes,
  ...jobRoutes,
  ...keyRoutes,
  ...queueRoutes,
  ...sessionRoutes,
  ...statsRoutes,
  ...maintenanceRoutes,
  ...reindexingRoutes,
  ...comparisonRoutes,
  ...compareRoutes,
  ...ignoredPassageRoutes,
  ...heldPassageRoutes,
  ...matchCallbackRoutes,
  ...evidenceRoutes,
  ...eventRoutes,
  ...matchRoutes,
  ...seriesRoutes,
  ...workerRoutes,
  ...shardRoutes,
  ...usageRoutes,
  ...aboutRoutes,
  ...auditRoutes,
  ...userRoutes,
} as const satisfies Readonly<Record<string, AdminRoute>>

type AdminRoutes = typeof adminRoutes
export type AdminRouteName = keyof AdminRoutes

/** The input of a handler: the path parameters, and query and body as validated by their schemas. */
export type RouteRequest<Name extends AdminRouteName> = {
  readonly params: ParametersOf<AdminRoutes[Name]>
  readonly query: QueryOf<AdminRoutes[Name]>
  readonly body: BodyOf<AdminRoutes[Name]>
}

/** What a route returns; `Other` is the type of a response of bytes. */
export type RouteAnswer<Name extends AdminRouteName, Other = Response> = AnswerOf<AdminRoutes[Name], Other>
