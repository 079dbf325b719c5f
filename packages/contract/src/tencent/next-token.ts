import { Fault } from '@kinoprint/core'

/** The last job of a page; the next page starts after it. `createdAt` has millisecond precision. */
export type JobCursor = { readonly createdAt: Date; readonly seq: number }

const VERSION = 1
/** The last moment whose year has four digits, in milliseconds since 1970. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z')
const MAX_LENGTH = 200

/** The NextToken for a cursor, opaque to clients: base64url of `[version, milliseconds, seq]`. */
export function encodeNextToken({ createdAt, seq }: JobCursor): string {
  return Buffer.from(JSON.stringify([VERSION, createdAt.getTime(), seq])).toString('base64url')
}

function isIndex(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max
}

function readTuple(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** Reads a token of `encodeNextToken`. Throws Fault InvalidArgument for any other text. */
export function decodeNextToken(token: string): JobCursor {
  const tuple = token.length <= MAX_LENGTH ? readTuple(token) : undefined
  if (Array.isArray(tuple) && tuple.length === 3) {
    const [found, milliseconds, seq] = tuple as unknown[]
    if (found === VERSION && isIndex(milliseconds, LATEST_MS) && isIndex(seq, Number.MAX_SAFE_INTEGER)) {
      const cursor = { createdAt: new Date(milliseconds), seq }
      if (encodeNextToken(cursor) === token) {
        return cursor
      }
    }
  }
  throw new Fault('InvalidArgument', 'nextToken is invalid. Use the NextToken of the previous page.')
}
