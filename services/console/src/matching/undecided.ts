import { signal } from '@preact/signals'
import type { DecidedState, Reason } from './decisions.ts'
import type { Match, MatchDetail } from './match.ts'

export type Verdict = { readonly state: DecidedState; readonly reason?: Reason }

/** A decision that somebody else's newer decision stands against. */
export type Conflict = { readonly verdict: Verdict; readonly match: Match; readonly theirs: MatchDetail }

/** A decision that was kept without a connection and that the server then refused. */
type Refused = { readonly verdict: Verdict; readonly match: Match; readonly message: string }

/** How many decisions wait for a connection. */
export const keptCount = signal(0)
export const conflicts = signal<readonly Conflict[]>([])
export const refusals = signal<readonly Refused[]>([])

/** Closes the first conflict. */
export function closeConflict(): void {
  conflicts.value = conflicts.value.slice(1)
}

// What waits would be lost with the page.
addEventListener('beforeunload', (event) => {
  if (keptCount.value > 0) event.preventDefault()
})
