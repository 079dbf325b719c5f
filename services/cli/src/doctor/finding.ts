import { errorText, Fault } from '@kinoprint/core'

/** `missing`: a command or server would fail. `warning`: it works, with the problem stated. */
type FindingState = 'ok' | 'warning' | 'missing'

/** The result of one check. */
export type Finding = {
  readonly state: FindingState
  /** One line. */
  readonly found: string
  /** What to run or to set; null if all is well. */
  readonly cure: string | null
}

export function ok(found: string): Finding {
  return { state: 'ok', found, cure: null }
}

/** A problem whose message says what happened in its first sentence, and then what to do. */
export function problem(state: 'warning' | 'missing', message: string): Finding {
  const end = message.search(/\.\s[A-Z]/)
  return end < 0
    ? { state, found: message, cure: null }
    : { state, found: message.slice(0, end + 1), cure: message.slice(end + 2) }
}

/** What is missing after a check has failed. `cure` is for errors that state none. */
export function failed(error: unknown, cure: string): Finding {
  const finding = problem('missing', errorText(error))
  return error instanceof Fault ? { ...finding, cure: finding.cure ?? cure } : { ...finding, cure }
}
