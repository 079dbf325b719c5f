import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { clientAddress } from './client-address.ts'
import { scopeOf } from './request-scope.ts'
import type { Shares } from './shares.ts'

/** Places of each kind, in one process. Half of them are one name's at most. */
export const places = {
  /** Requests whose signature or page is looked up, by address. */
  strangers: 1_000,
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
export const takeOne = (shares: Shares, name: string): (() => void) => {
  const release = shares.take(name)
  if (release !== null) return release
  throw new Fault(
    'SlowDown',
    'Too many requests of this key or address are under way. Try again in a second.',
  )
}

/** Runs `work` in a place of `name`. Fault SlowDown where it has no place left; nothing was done then. */
export const inPlace = async <T>(shares: Shares, name: string, work: () => Promise<T>): Promise<T> => {
  const release = takeOne(shares, name)
  try {
    return await work()
  } finally {
    release()
  }
}

/** Takes a place until the request is answered, or its client has gone. */
export const takePlace = (
  { req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse },
  shares: Shares,
  name: string,
): void => {
  const release = takeOne(shares, name)
  scopeOf(req).release = release
  if (res.closed) release()
}

/** Takes a place of the client's address for each request. */
export const byAddress =
  (shares: Shares): RequestHandler =>
  (req, res, next) => {
    takePlace({ req, res }, shares, clientAddress(req))
    next()
  }
