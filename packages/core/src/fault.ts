/**
 * Every expected failure, by code. `httpStatus` is the status of the response. Codes that occur only in finished jobs
 * have the status used in the admin API. Codes and statuses follow the public error table of the Tencent API.
 */
export const faultTable = {
  InvalidArgument: { httpStatus: 400, retryable: false },
  MissingContent: { httpStatus: 400, retryable: false },
  InvalidContent: { httpStatus: 400, retryable: false },
  ContentTooLarge: { httpStatus: 413, retryable: false },
  InvalidHost: { httpStatus: 400, retryable: false },
  MissingAuthorization: { httpStatus: 401, retryable: false },
  InvalidAuthorization: { httpStatus: 401, retryable: false },
  SecretidNotExist: { httpStatus: 401, retryable: false },
  SignatureExpired: { httpStatus: 401, retryable: false },
  Unauthorized: { httpStatus: 401, retryable: false },
  SignatureDoesNotMatch: { httpStatus: 403, retryable: false },
  AccessDenied: { httpStatus: 403, retryable: false },
  QueueSaturated: { httpStatus: 403, retryable: false },
  InvalidUrl: { httpStatus: 404, retryable: false },
  LimitExceeded: { httpStatus: 403, retryable: false },
  NotFound: { httpStatus: 404, retryable: false },
  Conflict: { httpStatus: 409, retryable: false },
  CapacityExceeded: { httpStatus: 409, retryable: false },
  MissingContentLength: { httpStatus: 411, retryable: false },
  InvalidRange: { httpStatus: 416, retryable: false },
  SlowDown: { httpStatus: 429, retryable: true },
  ResourceNotFound: { httpStatus: 404, retryable: false },
  ResourceAccessDenied: { httpStatus: 403, retryable: false },
  ResourceDownloadFailed: { httpStatus: 502, retryable: true },
  ResourceNotSupported: { httpStatus: 400, retryable: false },
  NoSuchKey: { httpStatus: 404, retryable: false },
  NoSuchUpload: { httpStatus: 404, retryable: false },
  InvalidPart: { httpStatus: 400, retryable: false },
  InvalidPartOrder: { httpStatus: 400, retryable: false },
  BadDigest: { httpStatus: 400, retryable: false },
  EntityTooLarge: { httpStatus: 400, retryable: false },
  DatabaseTooNew: { httpStatus: 500, retryable: false },
  InvalidSettings: { httpStatus: 500, retryable: false },
  Cancelled: { httpStatus: 409, retryable: false },
  InternalError: { httpStatus: 500, retryable: true },
  NotImplemented: { httpStatus: 501, retryable: false },
  ServiceUnavailable: { httpStatus: 503, retryable: true },
} as const

export type FaultCode = keyof typeof faultTable

export type FaultOptions = {
  readonly cause?: unknown
  /** Additional elements of the response, e.g. StringToSign for a signature that does not match. */
  readonly details?: Readonly<Record<string, string>>
}

/**
 * An expected failure. Its message states what happened and what to do. Anything else that is thrown is a bug: the
 * client gets InternalError, and the stack goes to the log only.
 *
 * @example throw new Fault('ResourceNotFound', `Object a/b.mp4 is not in bucket films-125.`)
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly httpStatus: number
  readonly retryable: boolean
  readonly details: Readonly<Record<string, string>>

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.httpStatus = faultTable[code].httpStatus
    this.retryable = faultTable[code].retryable
    this.details = options.details ?? {}
  }
}
