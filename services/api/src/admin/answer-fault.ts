import type { ErrorRequestHandler } from 'express'
import type { ApiLog } from '../context.ts'
import { drainRequest } from '../http/drain-request.ts'
import { RETRY_AFTER_SECONDS, reportFault } from '../http/fault-of.ts'
import { scopeOf } from '../http/request-scope.ts'
import { sendJson } from '../http/send.ts'

/** The one place where a failure of the admin API becomes an answer. */
export const answerJsonFault =
  ({ log }: { log: ApiLog }): ErrorRequestHandler =>
  async (thrown: unknown, req, res, _next) => {
    const { requestId } = scopeOf(req)
    const error = reportFault({ log, requestId }, thrown)
    if (res.headersSent) {
      res.destroy()
      return
    }
    if (!(await drainRequest(req))) res.setHeader('Connection', 'close')
    if (error.code === 'SlowDown') res.setHeader('Retry-After', RETRY_AFTER_SECONDS)
    sendJson(res, error.httpStatus, { error: { code: error.code, message: error.message, requestId } })
  }
