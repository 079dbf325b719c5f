import { Fault } from '@kinoprint/core'

/** The last job of a page: the next one starts behind it. `createdAt` counts in whole milliseconds. */
export type JobCursor = { readonly createdAt: Date; readonly seq: number }

const version = 1
/** Milliseconds since 1970 of the years that a Date can format with four digits. */
const latest = Date.parse('9999-12-31T23:59:59.999Z')
const lengthMax = 200

/** Opaque to clients: base64url of `[version, milliseconds, seq]`. */
export function encodeNextToken({ createdAt, seq }: JobCursor): string {
  return Buffer.from(JSON.stringify([version, createdAt.getTime(), seq])).toString('base64url')
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

/** Reads a token of `encodeNextToken`; anything else is a Fault InvalidArgument. */
export function decodeNextToken(token: string): JobCursor {
  const tuple = token.length <= lengthMax ? readTuple(token) : undefined
  if (Array.isArray(tuple) && tuple.length === 3) {
    const [found, milliseconds, seq] = tuple as unknown[]
    if (found === version && isIndex(milliseconds, latest) && isIndex(seq, Number.MAX_SAFE_INTEGER)) {
      const cursor = { createdAt: new Date(milliseconds), seq }
      if (encodeNextToken(cursor) === token) {
        return cursor
      }
    }
  }
  throw new Fault('InvalidArgument', 'nextToken is not one that this server has given out.')
}
