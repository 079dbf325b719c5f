import { signal } from '@preact/signals'

/** The session of this tab: unknown until the server has answered, null when signed out. */
export type Session = { readonly csrf: string; readonly name: string | null; readonly expiresAt: string }

export const session = signal<Session | null | undefined>(undefined)

/** Set when the server answers 401 to a page that was signed in: sign-in opens as a dialog over the page. */
export const sessionExpired = signal(false)
