import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { scopeOf } from './request-scope.ts'

/** NUL is the one character that the database cannot keep or compare, so no name of ours holds it. */
export const refuseNul: RequestHandler = (req, _res, next) => {
  if (scopeOf(req).target.includes('%00')) {
    throw new Fault('InvalidArgument', 'The path or the query holds the character NUL (%00).')
  }
  next()
}
