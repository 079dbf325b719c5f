import { api } from '../api/client.ts'
import { session } from '../api/session.ts'

/** Ends the session here and on the server. */
export async function signOut(): Promise<void> {
  // Signed out already, or offline: the page forgets the session either way.
  await api.signOut().catch(() => undefined)
  session.value = null
}
