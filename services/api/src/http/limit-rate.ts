import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import type { Allowance } from './allowance.ts'
import { clientAddress } from './client-address.ts'

/** Answers SlowDown to an address that asks more often than it may, before anything is looked up for it. */
export const limitRate =
  (rate: Allowance): RequestHandler =>
  (req, _res, next) => {
    if (!rate.take(clientAddress(req))) {
      throw new Fault('SlowDown', 'This address sends more requests than are allowed; try again in a second.')
    }
    next()
  }
