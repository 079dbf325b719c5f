import { errorText, Fault, type FaultCode, type Log } from '@kinoprint/core'
import { isDatabaseFull, isDatabaseUnavailable } from '@kinoprint/store'
import type { RequestScope } from './request-scope.ts'

/** The Retry-After header of every SlowDown. */
export const RETRY_AFTER_SECONDS = '1'

/** The Fault to send, which the scope of the request keeps. Logs unexpected errors, and failures that need the operator. */
export function reportFault({ log, scope }: { log: Log; scope: RequestScope }, thrown: unknown): Fault {
  const { requestId } = scope
  const { fault, isExpected } = faultOf(thrown)
  scope.errorCode = fault.code
  if (!isExpected) log.error({ err: thrown, requestId }, 'Unexpected error in a request')
  else if (fault.code === 'ServiceUnavailable') {
    // Without a stack: the same failure repeats for every request while a server is down.
    const cause = fault.cause === undefined ? {} : { cause: errorText(fault.cause) }
    log.warn({ reason: fault.message, ...cause, requestId }, 'Could not serve a request')
  }
  return fault
}

/** The Fault to send, and whether it was expected. The text of an unexpected error stays in the log. */
function faultOf(thrown: unknown): { fault: Fault; isExpected: boolean } {
  if (thrown instanceof Fault) return { fault: thrown, isExpected: thrown.code !== 'InternalError' }
  const expected = (code: FaultCode, message: string) => ({
    fault: new Fault(code, message, { cause: thrown }),
    isExpected: true,
  })
  if (thrown instanceof URIError) {
    return expected('InvalidUrl', 'The path is not valid percent-encoded UTF-8.')
  }
  if (isDatabaseUnavailable(thrown)) {
    return expected('ServiceUnavailable', 'The database is unavailable. Try again in a moment.')
  }
  if (isDatabaseFull(thrown)) {
    return expected('ServiceUnavailable', 'The database disk is full. Free space on it.')
  }
  const message = 'An internal error occurred. Include the request id when you report it.'
  return { fault: new Fault('InternalError', message, { cause: thrown }), isExpected: false }
}
