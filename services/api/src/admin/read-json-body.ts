import { Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { readBody } from '../http/read-body.ts'

/** Ours: the longest real body, a key's policy, is far under it. */
const JSON_BYTES_MAX = 1_048_576

/** The body as JSON, an absent one as `{}`. What is in it is for its schema to check. */
export const readJsonBody = async (req: Request): Promise<unknown> => {
  const body = await readBody(req, { maxBytes: JSON_BYTES_MAX })
  if (body.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('InvalidContent', `The body is not JSON: ${reason}`, { cause })
  }
}
