import { Fault } from '@kinoprint/contract'

/** What went wrong as a Fault, and whether anybody expected it: the words of a bug stay in the log. */
export const faultOf = (thrown: unknown): { error: Fault; expected: boolean } => {
  if (thrown instanceof Fault) return { error: thrown, expected: thrown.code !== 'InternalError' }
  if (thrown instanceof URIError) {
    return {
      error: new Fault('InvalidUrl', 'The path is not valid percent-encoded UTF-8.', { cause: thrown }),
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
