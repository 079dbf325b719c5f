import type { IncomingMessage } from 'node:http'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { send } from './send.ts'

const METHODS = 'GET, HEAD, POST, PUT, DELETE'
/** Response headers that scripts may read in addition to the safelisted ones. The official browser SDK reads all of them. */
const EXPOSED =
  'Date, ETag, Content-Length, Content-Range, x-ci-request-id, x-cos-request-id, x-cos-trace-id, x-cos-hash-crc64ecma'
const PREFLIGHT_SECONDS = '600'

/** Request headers besides x-cos-* and x-ci-*. The browser SDK sends those after `range` with uploads and conditions. */
const ALLOWED: readonly string[] = [
  ...['authorization', 'content-type', 'content-md5', 'range', 'cache-control', 'content-disposition'],
  ...['content-encoding', 'expires', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'],
]

function isAllowedHeader(name: string): boolean {
  return ALLOWED.includes(name) || name.startsWith('x-cos-') || name.startsWith('x-ci-')
}

export type Cors = {
  /** The CORS headers of every response to this origin; undefined for a request without Origin. */
  headersOf(origin: string | undefined): Readonly<Record<string, string>>
  /** Middleware: answers preflights and passes other requests on. */
  readonly preflight: RequestHandler
}

/** Allows web pages of the origins in CORS_ORIGINS to call the compatible API. */
export function createCors(origins: readonly string[]): Cors {
  const isForAll = origins.includes('*')
  const headersOf = (origin: string | undefined): Readonly<Record<string, string>> => {
    if (origins.length === 0) return {}
    // Keeps caches from serving one origin's response to another.
    const vary: Record<string, string> = isForAll ? {} : { Vary: 'Origin' }
    if (origin === undefined || !(isForAll || origins.includes(origin))) return vary
    return {
      ...vary,
      'Access-Control-Allow-Origin': isForAll ? '*' : origin,
      'Access-Control-Expose-Headers': EXPOSED,
    }
  }
  const preflight: RequestHandler = (req, res, next) => {
    const { origin } = req.headers
    if (!isPreflight(req) || origin === undefined) return next()
    if (!('Access-Control-Allow-Origin' in headersOf(origin))) throw notAllowed(origin)
    const requested = String(req.headers['access-control-request-headers'] ?? '')
    const names = requested.split(',').map((name) => name.trim().toLowerCase())
    res.setHeader('Access-Control-Allow-Methods', METHODS)
    res.setHeader('Access-Control-Allow-Headers', names.filter(isAllowedHeader).join(', '))
    res.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS)
    send(res, { status: 200, contentType: 'text/plain; charset=utf-8', body: '' })
  }
  return { headersOf, preflight }
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

function notAllowed(origin: string): Fault {
  return new Fault('AccessDenied', `The origin ${origin} is not allowed. Add it to the setting CORS_ORIGINS.`)
}

/** The Origin header of a request that Node could not parse, from the received bytes. */
export function originIn(packet: Uint8Array | undefined): string | undefined {
  const lines = Buffer.from(packet ?? [])
    .toString('latin1')
    .split('\r\n')
  const line = lines.find((text) => text.toLowerCase().startsWith('origin:'))
  return line?.slice('origin:'.length).trim()
}
