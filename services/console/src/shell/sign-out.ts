import { abandonReads, api } from '../api/client.ts'
import { isSigningOut, session } from '../api/session.ts'

/** Ends the session here and on the server; that of a person also at the identity provider, on a page of its own. */
export async function signOut(): Promise<void> {
  if (typeof session.value?.userId === 'string') {
    location.assign('/console/oidc/sign-out')
    return
  }
  isSigningOut.value = true
  abandonReads()
  // Signed out already, or offline: the page forgets the session either way.
  await api.signOut().catch(() => undefined)
  session.value = null
  isSigningOut.value = false
}
