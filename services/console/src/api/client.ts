import routes from 'virtual:admin-routes'
import type { AdminClient, AdminRouteName } from '@kinoprint/contract'
import { connectionLost, connectionWorks } from './connection.ts'
import { ApiFault, faultOf } from './fault.ts'
import { session, sessionExpired } from './session.ts'

/** What `api.name({ … })` passes on; the types of the table have checked it. */
type Sent = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** Of a request that only reads. */
const LONGEST_MS = 60_000

/**
 * One method for each admin route by its name, with the cookie of the session. Rejects with an `ApiFault`.
 *
 * @example const { items } = await api.listLibraries({ query: { page: 1 } })
 */
export const api = Object.fromEntries(
  Object.keys(routes).map((name) => [name, (sent: Sent = {}) => call(name as AdminRouteName, sent)]),
) as unknown as AdminClient

/** The address of a route, for `<img>`, `<video>` and event streams. */
export function addressOf(name: AdminRouteName, { params = {}, query = {} }: Sent = {}): string {
  const [, path] = rowOf(name)
  const target = path.replace(/\{(\+?)(\w+)\}/g, (_, rest: string, parameter: string) => {
    const value = params[parameter] ?? ''
    return rest === '' ? encodeURIComponent(value) : value.split('/').map(encodeURIComponent).join('/')
  })
  const fields = new URLSearchParams()
  for (const [field, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') fields.set(field, String(value))
  }
  return fields.size === 0 ? target : `${target}?${fields}`
}

function rowOf(name: AdminRouteName) {
  const row = routes[name]
  if (row === undefined) throw new Error(`No admin route is called ${name}.`)
  return row
}

let reads = new AbortController()

/** Ends the requests that only read and have no answer yet. After a sign-out the server would refuse them. */
export function abandonReads(): void {
  reads.abort()
  reads = new AbortController()
}

async function call(name: AdminRouteName, sent: Sent): Promise<unknown> {
  const [method, , answers, bodyForm] = rowOf(name)
  // An effect that sends a request must not run again because the session changes.
  const sentIn = session.peek()
  const csrf = sentIn?.csrf
  const address = addressOf(name, sent)
  const untilSignOut = reads.signal
  const response = await fetch(address, {
    method,
    headers: {
      ...(csrf !== undefined && method !== 'GET' ? { 'x-kinoprint-csrf': csrf } : {}),
      ...(sent.body !== undefined && bodyForm === 'json' ? { 'content-type': 'application/json' } : {}),
    },
    // An answer that got lost must not stop what polls for it.
    ...(method === 'GET' && answers === 'json'
      ? { signal: AbortSignal.any([AbortSignal.timeout(LONGEST_MS), untilSignOut]) }
      : {}),
    ...(sent.body === undefined
      ? {}
      : { body: bodyForm === 'json' ? JSON.stringify(sent.body) : (sent.body as BodyInit) }),
  }).catch(() => {
    if (!untilSignOut.aborted) connectionLost()
    throw new ApiFault('The server could not be reached. Check your connection.', {
      status: 0,
      code: 'Offline',
    })
  })
  connectionWorks()
  if (!response.ok) {
    // The answer may come after a sign-in that the request did not know of.
    const isExpired = response.status === 401 && sentIn && session.peek()?.csrf === sentIn.csrf
    if (isExpired && name !== 'signIn') sessionExpired.value = true
    throw await faultOf(response)
  }
  if (answers === 'bytes') return response
  return answers === 'none' ? undefined : response.json()
}
