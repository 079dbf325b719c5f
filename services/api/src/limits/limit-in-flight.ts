import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { scopeOf } from '../http/request-scope.ts'
import type { InFlightLimiter } from './in-flight-limiter.ts'
import type { TokenBuckets } from './token-bucket.ts'

/** Limits on concurrent requests of each kind in one process. One client gets at most half of the slots. */
export const IN_FLIGHT_LIMITS = {
  /** Requests before authentication, and public pages; per address. */
  unauthenticated: 1_000,
  /** Signed requests, per key. An XML body and its response take at most about 2 MB. */
  signed: 1_000,
  /** Long responses of the compatible API while they are sent, per key. */
  lists: 64,
  /** Requests with the admin token, per address. */
  admin: 400,
  /** Uploads and downloads of objects, per address. */
  transfers: 200,
  /** Event streams, per address. */
  events: 400,
} as const

/** Takes a slot for `client` and returns a function that releases it. Throws Fault SlowDown if none is available. */
export function acquireInFlight(limiter: InFlightLimiter, client: string): () => void {
  const release = limiter.acquire(client)
  if (release !== null) return release
  throw new Fault('SlowDown', 'Too many concurrent requests from this key or address. Try again in a second.')
}

/** Runs `work` in a slot of `client`. Throws Fault SlowDown, without starting `work`, if none is available. */
export async function runInFlight<T>(
  limiter: InFlightLimiter,
  client: string,
  work: () => Promise<T>,
): Promise<T> {
  const release = acquireInFlight(limiter, client)
  try {
    return await work()
  } finally {
    release()
  }
}

/** Takes a slot until the response ends or the client disconnects. */
export function limitInFlight(
  { req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse },
  limiter: InFlightLimiter,
  client: string,
): void {
  const release = acquireInFlight(limiter, client)
  scopeOf(req).release = release
  if (res.closed) release()
}

/** Middleware: takes a slot for the client's address. */
export function limitInFlightByAddress(limiter: InFlightLimiter): RequestHandler {
  return (req, res, next) => {
    limitInFlight({ req, res }, limiter, clientAddress(req))
    next()
  }
}

/** Middleware: rejects an address over its request rate with SlowDown, before any lookup. */
export function limitRate(rate: TokenBuckets): RequestHandler {
  return (req, _res, next) => {
    if (!rate.take(clientAddress(req))) {
      throw new Fault('SlowDown', 'Too many requests from this address. Try again in a second.')
    }
    next()
  }
}
