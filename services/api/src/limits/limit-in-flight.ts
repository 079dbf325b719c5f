import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { scopeOf } from '../http/request-scope.ts'
import type { InFlightLimiter } from './in-flight-limiter.ts'
import type { TokenBuckets } from './token-bucket.ts'

/** Places of each kind, in one process. Half of them are one name's at most. */
export const IN_FLIGHT_LIMITS = {
  /** Requests whose signature or page is looked up, by address. */
  unauthenticated: 1_000,
  /** Signed requests, by key. An XML body and its answer take some 2 MB at the worst. */
  signed: 1_000,
  /** Long answers of the compatible API on their way, by key. */
  lists: 64,
  /** Requests with the admin token, by address. */
  admin: 400,
  /** Uploads and downloads of objects, by address. */
  transfers: 200,
  /** Streams of events, by address. */
  events: 400,
} as const

/** Takes a place of `name`; returns what gives it back. Fault SlowDown where it has no place left. */
export function acquireInFlight(limiter: InFlightLimiter, name: string): () => void {
  const release = limiter.take(name)
  if (release !== null) return release
  throw new Fault(
    'SlowDown',
    'Too many requests of this key or address are under way. Try again in a second.',
  )
}

/** Runs `work` in a place of `name`. Fault SlowDown where it has no place left; nothing was done then. */
export async function runInFlight<T>(
  limiter: InFlightLimiter,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const release = acquireInFlight(limiter, name)
  try {
    return await work()
  } finally {
    release()
  }
}

/** Takes a place until the request is answered, or its client has gone. */
export function limitInFlight(
  { req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse },
  limiter: InFlightLimiter,
  name: string,
): void {
  const release = acquireInFlight(limiter, name)
  scopeOf(req).release = release
  if (res.closed) release()
}

/** Takes a place of the client's address for each request. */
export function limitInFlightByAddress(limiter: InFlightLimiter): RequestHandler {
  return (req, res, next) => {
    limitInFlight({ req, res }, limiter, clientAddress(req))
    next()
  }
}

/** Answers SlowDown to an address that asks more often than it may, before anything is looked up for it. */
export function limitRate(rate: TokenBuckets): RequestHandler {
  return (req, _res, next) => {
    if (!rate.take(clientAddress(req))) {
      throw new Fault('SlowDown', 'This address sends more requests than are allowed; try again in a second.')
    }
    next()
  }
}
