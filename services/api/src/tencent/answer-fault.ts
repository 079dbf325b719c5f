import { errorXml, wireErrorOf } from '@kinoprint/contract'
import { type Log, newRequestId } from '@kinoprint/core'
import type { ErrorRequestHandler } from 'express'
import { RETRY_AFTER_SECONDS, reportFault } from '../http/report-fault.ts'
import { scopeOf } from '../http/request-scope.ts'
import { splitTarget } from '../http/request-target.ts'
import { refuseXml } from './send-xml.ts'

/** Error handler of the compatible API: sends an XML error body for every failure. */
export function answerXmlFault({ log }: { log: Log }): ErrorRequestHandler {
  return async (thrown: unknown, req, res, _next) => {
    const scope = scopeOf(req)
    scope.release()
    const error = reportFault({ log, scope }, thrown)
    if (res.headersSent) {
      res.destroy()
      return
    }
    const answer = wireErrorOf(error)
    const traceId = newRequestId()
    res.setHeader('Server', 'tencent-ci')
    // Most clients read only x-cos-trace-id.
    res.setHeader('x-ci-trace-id', traceId)
    res.setHeader('x-cos-trace-id', traceId)
    if (error.code === 'SlowDown') res.setHeader('Retry-After', RETRY_AFTER_SECONDS)
    const body = errorXml({
      error: answer,
      resource: splitTarget(scope.target).path,
      requestId: scope.requestId,
      traceId,
    })
    await refuseXml(res, answer.httpStatus, body)
  }
}
