import { Fault } from '@kinoprint/contract'
import type { RequestHandler } from 'express'

/** Signed requests under way at once in a process. Ours: a body and its XML take some 2 MB at the worst. */
const REQUESTS_MAX = 500

/** Answers SlowDown instead of letting a flood of requests eat the memory. */
export const admit = ({ requestsMax = REQUESTS_MAX } = {}): RequestHandler => {
  let underWay = 0
  return (_req, res, next) => {
    if (underWay >= requestsMax) {
      throw new Fault('SlowDown', `${requestsMax} requests are under way; try again in a second.`)
    }
    underWay += 1
    res.once('close', () => {
      underWay -= 1
    })
    next()
  }
}
