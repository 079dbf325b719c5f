import type { IncomingMessage } from 'node:http'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { send } from './send.ts'

const METHODS = 'GET, HEAD, POST, PUT, DELETE'
/** What a page's script may read beside the simple headers: the official browser SDK looks into each of them. */
const EXPOSED = 'Date, ETag, x-ci-request-id, x-cos-request-id, x-cos-trace-id'
const PREFLIGHT_SECONDS = '600'

function isAllowedHeader(name: string): boolean {
  return (
    ['authorization', 'content-type', 'content-md5'].includes(name) ||
    name.startsWith('x-cos-') ||
    name.startsWith('x-ci-')
  )
}

export type Cors = {
  /** The headers of every answer to a page of this origin; undefined where the request names none. */
  headersOf(origin: string | undefined): Readonly<Record<string, string>>
  /** Answers preflights. What is no preflight goes on. */
  readonly preflight: RequestHandler
}

/** Lets web pages of the setting CORS_ORIGINS call the compatible API from a browser. */
export function createCors(origins: readonly string[]): Cors {
  const isForAll = origins.includes('*')
  const headersOf = (origin: string | undefined): Readonly<Record<string, string>> => {
    if (origins.length === 0) return {}
    // Caches must not give one origin's answer to another.
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
    const asked = String(req.headers['access-control-request-headers'] ?? '')
    const names = asked.split(',').map((name) => name.trim().toLowerCase())
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
  return new Fault(
    'AccessDenied',
    `The origin ${origin} may not call this server. Add it to the setting CORS_ORIGINS.`,
  )
}

/** The header Origin of a request that Node could not read, from the bytes that did arrive. */
export function originIn(packet: Uint8Array | undefined): string | undefined {
  const lines = Buffer.from(packet ?? [])
    .toString('latin1')
    .split('\r\n')
  const line = lines.find((text) => text.toLowerCase().startsWith('origin:'))
  return line?.slice('origin:'.length).trim()
}
