/** An error response of the server, or a server that could not be reached (status 0). */
export class ApiFault extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  /** When to try again, in seconds; null if the server named no time. */
  readonly retryAfter: number | null
  /** What the server says about the error in fields. */
  readonly details: Readonly<Record<string, string>>

  constructor(
    message: string,
    about: {
      readonly status: number
      readonly code: string
      readonly requestId?: string
      readonly retryAfter?: number
      readonly details?: Readonly<Record<string, string>>
    },
  ) {
    super(message)
    this.status = about.status
    this.code = about.code
    this.requestId = about.requestId ?? null
    this.retryAfter = about.retryAfter ?? null
    this.details = about.details ?? {}
  }
}

/** Converts an error response to a fault. The page of a proxy has no code, so its status stands alone. */
export async function faultOf(response: Response): Promise<ApiFault> {
  const { status } = response
  const sent: unknown = await response.json().catch(() => null)
  const error = isErrorBody(sent) ? sent.error : {}
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiFault(error.message ?? `The server returned status ${status}.`, {
    status,
    code: error.code ?? '',
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
  })
}

type ErrorBody = {
  readonly error: {
    readonly code?: string
    readonly message?: string
    readonly requestId?: string
    readonly details?: Readonly<Record<string, string>>
  }
}

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'object'
}
