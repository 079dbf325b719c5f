import { isIPv6 } from 'node:net'
import { headerValues } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { NextFunction, Request, Response } from 'express'

/** A name, an IPv4 address or a bracketed IPv6 address, with or without a port. */
const HOST = /^(?:\[([^\]]*)\]|[^\s@/?#\\:[\]]+)(?::\d{0,5})?$/

/**
 * The effective host of a request. It selects the bucket and is the host that the signature covers: with two sources, a
 * signature for one bucket could give access to another. In order of precedence: the authority of an absolute target
 * (RFC 9112 §3.2.2), X-Forwarded-Host from a proxy named in TRUST_PROXY, the Host header.
 * Empty if an HTTP/1.0 client sends none.
 */
export function requestHost(req: Request): string {
  return forwarded(req, 'x-forwarded-host') ?? req.headers.host ?? ''
}

/** X-Forwarded-Port, if sent by a proxy named in TRUST_PROXY. */
export function forwardedPort(req: Request): string | undefined {
  return forwarded(req, 'x-forwarded-port')
}

function forwarded(req: Request, name: string): string | undefined {
  const given = req.headers[name]
  if (given === undefined) return undefined
  const trusts = req.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  return trusts(req.socket.remoteAddress, 0) ? String(given).split(',')[0]?.trim() || undefined : undefined
}

/** Middleware: rejects a request without a host (RFC 9112 §3.2), with several, or with an invalid one. */
export function checkHost(req: Request, _res: Response, next: NextFunction): void {
  if (req.headers.host === undefined && req.httpVersion === '1.1') {
    throw new Fault('InvalidArgument', 'The request has no Host header. Send one.')
  }
  if (headerValues(req.rawHeaders, 'host').length > 1) {
    throw new Fault('InvalidArgument', 'The request has more than one Host header. Send one.')
  }
  const host = requestHost(req)
  if (host !== '' && !isHost(host)) {
    throw new Fault(
      'InvalidArgument',
      'The host of the request is invalid. Send a host name or address, with or without a port.',
    )
  }
  next()
}

function isHost(host: string): boolean {
  const found = HOST.exec(host)
  return found !== null && (found[1] === undefined || isIPv6(found[1]))
}
