import { Fault, type Log } from '@kinoprint/core'
import { isDatabaseFull, isDatabaseUnavailable } from '@kinoprint/store'

/** What a SlowDown says in its header Retry-After, whatever it is that was too much. */
export const RETRY_AFTER_SECONDS = '1'

/** What went wrong as a Fault, and whether anybody expected it: the words of a bug stay in the log. */
function faultOf(thrown: unknown): { error: Fault; expected: boolean } {
  if (thrown instanceof Fault) return { error: thrown, expected: thrown.code !== 'InternalError' }
  if (thrown instanceof URIError) {
    return {
      error: new Fault('InvalidUrl', 'The path is not valid percent-encoded UTF-8.', { cause: thrown }),
      expected: true,
    }
  }
  if (isDatabaseUnavailable(thrown)) {
    return {
      error: new Fault('ServiceUnavailable', 'The database does not answer; try again in a moment.', {
        cause: thrown,
      }),
      expected: true,
    }
  }
  if (isDatabaseFull(thrown)) {
    return {
      error: new Fault('ServiceUnavailable', 'The database has no room left. Free some space on its disk.', {
        cause: thrown,
      }),
      expected: true,
    }
  }
  return {
    error: new Fault('InternalError', 'An internal error occurred. Give the request id when you report it.', {
      cause: thrown,
    }),
    expected: false,
  }
}

/** The fault to answer; the log is told of bugs, and of what an operator has to look after. */
export function reportFault({ log, requestId }: { log: Log; requestId: string }, thrown: unknown): Fault {
  const { error, expected } = faultOf(thrown)
  if (!expected) log.error({ err: thrown, requestId }, 'A request met a bug.')
  else if (error.code === 'ServiceUnavailable')
    log.warn({ reason: error.message, cause: wordsOf(error.cause), requestId }, 'A request was not served.')
  return error
}

/** A stack would say nothing that the reason does not: a server is away, and that for every request. */
function wordsOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}
