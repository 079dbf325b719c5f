import { Fault } from '@kinoprint/core'
import { type Bank, findBank } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'
import { readBody } from '../http/read-body.ts'
import type { ConcurrencyLimiter } from '../limits/concurrency-limiter.ts'

export type HmaContext = ApiContext & {
  /** Limits concurrent lookups. */
  readonly lookups: ConcurrencyLimiter
  /** Limits files that are downloaded and hashed at the same time. */
  readonly hashing: ConcurrencyLimiter
}

/** Returns what is sent: JSON, or text. */
export type HmaHandler = (context: HmaContext, req: Request) => Promise<unknown>

/** A vPDQ hash of a day takes about 8 MB. */
const JSON_BYTES_MAX = 16 * 1024 * 1024

/** The JSON object of a body. Throws Fault InvalidContent for anything else. */
export async function readJsonObject(req: Request): Promise<Readonly<Record<string, unknown>>> {
  const body = await readBody(req, { maxBytes: JSON_BYTES_MAX })
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch (cause) {
    throw new Fault('InvalidContent', 'The body is not JSON.', { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new Fault('InvalidContent', 'The body is not a JSON object.')
}

/** A parameter of the query; undefined if it is absent or empty. Of a repeated one, the first. */
export function queryOf(req: Request, name: string): string | undefined {
  const value = new URL(req.url, 'http://host').searchParams.get(name)
  return value === null || value === '' ? undefined : value
}

/** Whether a flag of the query is set, as HMA reads it. */
export function flagOf(req: Request, name: string): boolean {
  return /^(?:true|1|yes|on)$/i.test(queryOf(req, name) ?? '')
}

/** The library that a path names. Throws Fault NotFound. */
export async function bankOf({ db }: Pick<HmaContext, 'db'>, req: Request): Promise<Bank> {
  const name = String(req.params.bank)
  const bank = await findBank(db, name)
  if (bank === null) throw new Fault('NotFound', `bank '${name}' not found`)
  return bank
}
