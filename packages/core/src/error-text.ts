/**
 * An unknown error as one line, without its stack: its message, else its code, else its name. A connection that was
 * tried over several addresses fails with one error without a message; its parts are joined with "; ".
 *
 * @example log.warn({ error: errorText(error) }, 'Could not fetch due callbacks')
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const parts = error instanceof AggregateError ? error.errors.map(errorText) : []
  return error.message || parts.join('; ') || errorCode(error) || error.name
}

/** The `code` of a system or database error, e.g. `ENOENT` or `23505`; empty if the error has none. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
