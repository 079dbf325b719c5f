import type { AdminRouteName, adminRoutes, RouteAnswer, RouteRequest } from '@kinoprint/contract'
import type { Request, Response } from 'express'
import type { ApiContext } from '../context.ts'
import type { ConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import type { ContentTypes } from '../objects/content-type.ts'
import type { Previews } from '../pictures/previews.ts'
import type { Stills } from '../pictures/stills.ts'
import type { MaintenanceReport } from './about.ts'
import type { TokenCheck } from './check-token.ts'
import type { EventHub } from './events/event-hub.ts'
import type { ObjectPresence } from './object-presence.ts'

/** Dependencies of admin handlers. Each handler declares only what it uses, so some also run without a server. */
export type AdminContext = ApiContext & {
  /** Checks an admin token, for signing in. */
  readonly checkToken: TokenCheck
  readonly contentTypes: ContentTypes
  readonly objectPresence: ObjectPresence
  readonly stills: Stills
  readonly previews: Previews
  /** Serves all event streams of this process. */
  readonly events: EventHub
  /** Limits concurrent comparisons within a request. */
  readonly comparing: ConcurrencyLimiter
  /** Limits concurrent bucket listings. */
  readonly objectListings: ConcurrencyLimiter
  /** The maintenance task that is running. */
  readonly maintenanceState: MaintenanceState
}

/** The maintenance task that is running, and the last run of each. */
export type MaintenanceState = {
  running: string | null
  readonly reports: Map<string, MaintenanceReport>
}

type Bytes = { readonly bytes: string }

type ByteRouteName = {
  [Name in AdminRouteName]: (typeof adminRoutes)[Name] extends
    | { readonly body: Bytes }
    | { readonly answers: { readonly 200: Bytes } }
    ? Name
    : never
}[AdminRouteName]

/** A route whose request and response are both JSON or empty. */
export type JsonRouteName = Exclude<AdminRouteName, ByteRouteName>

export type JsonRequest<Name extends JsonRouteName> = RouteRequest<Name> & {
  /** The address of the client, for limits by client. */
  readonly client: string
  /** The name of the person, or the one given with the admin token; null if none was given. */
  readonly by: string | null
}

/** A request whose body or response is bytes: the handler reads and writes them itself. */
export type ByteRequest<Name extends ByteRouteName> = RouteRequest<Name> & {
  readonly req: Request
  readonly res: Response
}

type ExchangeRouteName =
  | 'compare'
  | 'signRequest'
  | 'signIn'
  | 'getSession'
  | 'signOut'
  | 'listSessions'
  | 'endSession'
  | 'updateUser'

/** A request whose handler reads its headers, sets the session cookie, or ends with the connection. */
export type ExchangeRequest<Name extends ExchangeRouteName> = RouteRequest<Name> & {
  readonly req: Request
  readonly res: Response
}

/** The handler of a route. Returns the JSON to send, or nothing after it has sent bytes itself. */
type AdminHandler<Name extends AdminRouteName> = (
  context: AdminContext,
  request: Name extends ExchangeRouteName
    ? ExchangeRequest<Name>
    : Name extends JsonRouteName
      ? JsonRequest<Name>
      : Name extends ByteRouteName
        ? ByteRequest<Name>
        : never,
) => Promise<RouteAnswer<Name, void>>

/** A handler for every route of the table. */
export type AdminHandlers = { readonly [Name in AdminRouteName]: AdminHandler<Name> }

/** What the handler of a route returns. */
export type Answer<Name extends AdminRouteName> = Promise<RouteAnswer<Name, void>>
