import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'

const NAME = 'kinoprint_session'
/** The longest life of a session (packages/store/src/sessions.ts), in seconds. */
const MAX_AGE_SECONDS = 604_800

/** A new cookie value: 256 random bits. */
export function newCookie(): string {
  return randomBytes(32).toString('base64url')
}

/** What the database knows of a cookie. A new admin token makes all cookies unknown. */
export function digestOf(cookie: string, { adminToken }: { readonly adminToken: string }): Buffer {
  return createHmac('sha256', adminToken).update(cookie).digest()
}

/** The value that a page must know besides the cookie. It follows from the cookie, so it is not stored. */
export function csrfOf(cookie: string): string {
  return createHash('sha256').update(`csrf ${cookie}`).digest('base64url')
}

/** The session cookie of a request; null if it has none, or one in another format. */
export function readSessionCookie({ headers }: Pick<Request, 'headers'>): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, value = ''] = part.trim().split('=', 2)
    if (name === NAME && /^[\w-]{43}$/.test(value)) return value
  }
  return null
}

/** Sets the cookie for this server only: not readable by scripts, not sent with requests from other sites. */
export function setSessionCookie(req: Request, res: Response, cookie: string): void {
  write({ req, res, value: cookie, maxAgeSeconds: MAX_AGE_SECONDS })
}

export function clearSessionCookie(req: Request, res: Response): void {
  write({ req, res, value: '', maxAgeSeconds: 0 })
}

type Written = {
  readonly req: Request
  readonly res: Response
  readonly value: string
  readonly maxAgeSeconds: number
}

function write({ req, res, value, maxAgeSeconds }: Written): void {
  const secure = req.secure ? '; Secure' : ''
  res.setHeader(
    'Set-Cookie',
    `${NAME}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`,
  )
}
