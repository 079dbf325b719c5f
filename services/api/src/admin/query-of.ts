import { parseTarget } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { scopeOf } from '../http/request-scope.ts'

/** The query as a record for its schema; an empty value counts as absent, a repeated name is refused. */
export const queryOf = (req: Request): Readonly<Record<string, string>> => {
  const fields = new Map<string, string>()
  for (const [name, value] of parseTarget(scopeOf(req).target).query) {
    if (value === '') continue
    if (fields.has(name)) throw new Fault('InvalidArgument', `${name} is given twice.`)
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}
