import { Fault, type FaultCode } from '@kinoprint/core'
import { writeXml, type XmlNode } from './xml-writer.ts'

export type WireError = {
  readonly httpStatus: number
  /** One of the public codes. */
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, string>>
}

/** Faults whose name is ours alone, and what the public error table calls them. */
const publicNames: { readonly [code in FaultCode]?: { readonly code: string; readonly httpStatus: number } } =
  {
    ContentTooLarge: { code: 'InvalidContent', httpStatus: 413 },
    NotFound: { code: 'InvalidArgument', httpStatus: 400 },
    Conflict: { code: 'InvalidArgument', httpStatus: 400 },
    CapacityExceeded: { code: 'InvalidArgument', httpStatus: 400 },
    Cancelled: { code: 'InvalidArgument', httpStatus: 400 },
    InvalidRange: { code: 'InvalidArgument', httpStatus: 400 },
    Unauthorized: { code: 'InvalidAuthorization', httpStatus: 401 },
    DatabaseTooNew: { code: 'InternalError', httpStatus: 500 },
    InvalidSettings: { code: 'InternalError', httpStatus: 500 },
  }

/** What a client is told of an error. Anything but a Fault is a bug, whose words stay in the log. */
export function wireErrorOf(error: unknown): WireError {
  if (!(error instanceof Fault)) {
    return {
      httpStatus: 500,
      code: 'InternalError',
      message: 'An internal error occurred. Give the RequestId when you report it.',
      details: {},
    }
  }
  const named = publicNames[error.code] ?? { code: error.code, httpStatus: error.httpStatus }
  return { ...named, message: error.message || error.code, details: error.details }
}

export type ErrorAnswer = {
  readonly error: WireError
  /** The path or object that was asked for. Never written empty: Python's SDK needs every field. */
  readonly resource: string
  readonly requestId: string
  /** Left out when empty. */
  readonly traceId?: string | undefined
}

/** The body of every answer of 400 and above. Details, e.g. StringToSign, stand between Message and Resource. */
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
