import type { RouteAnswer } from '@kinoprint/contract'
import { effect, signal } from '@preact/signals'

/** The session of this tab: unknown until the server has answered, null when signed out. */
export type Session = RouteAnswer<'getSession'>

export const session = signal<Session | null | undefined>(undefined)

const MARK = 'kinoprint-session'

/** Whether this browser may have a session: asking the server without one would log an error in the browser. */
export function mayHaveSession(): boolean {
  // The identity provider has just led back here.
  if (new URLSearchParams(location.search).has('done')) return true
  try {
    return localStorage.getItem(MARK) !== null
  } catch {
    return true
  }
}

effect(() => {
  if (session.value === undefined) return
  try {
    if (session.value === null) localStorage.removeItem(MARK)
    else localStorage.setItem(MARK, '1')
  } catch {
    // Storage is blocked: the server is asked each time.
  }
})

/** Set while this page ends its session, so that the end is not taken for an expired one. */
export const isSigningOut = signal(false)

/** Set when the server answers 401 to a page that was signed in: sign-in opens as a dialog over the page. */
export const sessionExpired = signal(false)
