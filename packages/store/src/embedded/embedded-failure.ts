/** SQLSTATE cannot_connect_now: to all callers a database that is away for a while. */
const CANNOT_CONNECT_NOW = '57P03'
const FULL = /No space left on device/i

/** Why the embedded database answers nothing now, and what helps. */
export const embeddedFailure = (dataDir: string, cause: unknown): Error => {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
  const remedy = FULL.test(reason)
    ? `Free disk space at ${dataDir}; it starts again when there is room.`
    : 'It is started again.'
  return Object.assign(new Error(`The embedded database stopped: ${reason}. ${remedy}`, { cause }), {
    code: CANNOT_CONNECT_NOW,
  })
}
