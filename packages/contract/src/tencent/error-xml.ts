import { Fault, type FaultCode } from '@kinoprint/core'
import { writeXml, type XmlNode } from './xml-writer.ts'

export type WireError = {
  readonly httpStatus: number
  /** One of the public codes. */
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, string>>
}

/** Fault codes that are not in the public error table, each with the code and status used instead. */
const publicCodes: { readonly [code in FaultCode]?: { readonly code: string; readonly httpStatus: number } } =
  {
    ContentTooLarge: { code: 'InvalidContent', httpStatus: 413 },
    NotFound: { code: 'InvalidArgument', httpStatus: 400 },
    Conflict: { code: 'InvalidArgument', httpStatus: 400 },
    CapacityExceeded: { code: 'InvalidArgument', httpStatus: 400 },
    Cancelled: { code: 'InvalidArgument', httpStatus: 400 },
    Unauthorized: { code: 'InvalidAuthorization', httpStatus: 401 },
    DatabaseTooNew: { code: 'InternalError', httpStatus: 500 },
    InvalidSettings: { code: 'InternalError', httpStatus: 500 },
  }

/** The content of an error response. Any error other than a Fault is a bug, and its text appears only in the log. */
export function wireErrorOf(error: unknown): WireError {
  if (!(error instanceof Fault)) {
    return {
      httpStatus: 500,
      code: 'InternalError',
      message: 'An internal error occurred. Include the RequestId when you report it.',
      details: {},
    }
  }
  const named = publicCodes[error.code] ?? { code: error.code, httpStatus: error.httpStatus }
  return { ...named, message: error.message || error.code, details: error.details }
}

export type ErrorAnswer = {
  readonly error: WireError
  /** The requested path or object. Never empty, because the Python SDK needs every field. */
  readonly resource: string
  readonly requestId: string
  /** Omitted if empty. */
  readonly traceId?: string | undefined
}

/** The body of every response with status 400 or above. Details such as StringToSign follow Message. */
export function errorXml({ error, resource, requestId, traceId }: ErrorAnswer): string {
  return `<?xml version='1.0' encoding='utf-8' ?>${writeXml([
    'Error',
    [
      ['Code', error.code],
      ['Message', error.message],
      ...Object.entries(error.details).map(([name, text]): XmlNode => [name, text]),
      ['Resource', resource || '/'],
      ['RequestId', requestId],
      ...(traceId ? [['TraceId', traceId] as const] : []),
    ],
  ])}`
}
