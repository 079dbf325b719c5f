import type { Log } from '@kinoprint/core'
import type { ErrorRequestHandler } from 'express'
import { RETRY_AFTER_SECONDS, reportFault } from '../http/report-fault.ts'
import { scopeOf } from '../http/request-scope.ts'
import { refuseJson } from '../http/send.ts'

/** The one place where a failure of the admin API becomes an answer. */
export const answerJsonFault =
  ({ log }: { log: Log }): ErrorRequestHandler =>
  async (thrown: unknown, req, res, _next) => {
    const { requestId, release } = scopeOf(req)
    release()
    const error = reportFault({ log, requestId }, thrown)
    if (res.headersSent) {
      res.destroy()
      return
    }
    if (error.code === 'SlowDown') res.setHeader('Retry-After', RETRY_AFTER_SECONDS)
    await refuseJson(res, error.httpStatus, {
      error: { code: error.code, message: error.message, requestId },
    })
  }
