import type { Request } from 'express'

/** A cookie of a request; null if it has none of that name, or one that is not base64url. */
export function readCookie({ headers }: Pick<Request, 'headers'>, wanted: string): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, value = ''] = part.trim().split('=', 2)
    if (name === wanted && /^[\w-]+$/.test(value)) return value
  }
  return null
}
