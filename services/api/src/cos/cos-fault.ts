import { Fault, type FaultCode } from '@kinoprint/core'

/** Codes of object calls that have another name in COS than in jobs and in the admin API. */
const COS_CODES: { readonly [code in FaultCode]?: FaultCode } = {
  ResourceNotFound: 'NoSuchKey',
  ResourceAccessDenied: 'AccessDenied',
  ResourceDownloadFailed: 'ServiceUnavailable',
  ContentTooLarge: 'EntityTooLarge',
}

/** The same failure under the code that clients of COS know. Errors other than Faults are returned unchanged. */
export function asCosFault(error: unknown): unknown {
  if (!(error instanceof Fault)) return error
  const code = COS_CODES[error.code]
  return code === undefined ? error : new Fault(code, error.message, { cause: error })
}
