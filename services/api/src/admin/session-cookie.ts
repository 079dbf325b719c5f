import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { readCookie } from '../http/cookies.ts'

const NAME = 'kinoprint_session'
/** 32 bytes in base64url. */
const COOKIE_CHARS = 43
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
  const value = readCookie({ headers }, NAME)
  return value !== null && value.length === COOKIE_CHARS ? value : null
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
  res.append(
    'Set-Cookie',
    `${NAME}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`,
  )
}
