import type { IncomingMessage } from 'node:http'

const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i

/**
 * Turns the absolute form of a request target, which clients behind a forward proxy send, into the origin form
 * that routes and signatures are about. RFC 9112 §3.2.2: the authority in the target replaces the Host header, whatever it is worth.
 * Runs before express looks at the path.
 *
 * @example `GET http://h:80/jobs?size=1` becomes `GET /jobs?size=1` with Host `h:80`
 */
export const normaliseRequestTarget = (req: IncomingMessage): void => {
  const target = req.url ?? '/'
  const absolute = ABSOLUTE_FORM.exec(target)
  if (absolute) {
    const [, authority = '', rest = ''] = absolute
    req.headers.host = authority
    req.url = rest.startsWith('/') ? rest : `/${rest}`
    return
  }
  const fragment = target.indexOf('#')
  req.url = fragment === -1 ? target : target.slice(0, fragment)
}

/** The path as sent, percent-encoding untouched, and the query without its question mark. */
export const splitTarget = (target: string): { path: string; query: string } => {
  const mark = target.indexOf('?')
  return mark === -1
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}
