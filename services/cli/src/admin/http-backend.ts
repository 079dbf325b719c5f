import { Fault } from '@kinoprint/core'
import type { AdminBackend, CheckReport, KeyRow, LibraryRow } from './admin-backend.ts'

type Call = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
}

const PAGE_SIZE = 100
/** More pages than any installation has: a server that never ends its list must not keep us for ever. */
const PAGES_MAX = 1_000

/** The admin API of the server that holds the data folder. */
export const httpBackend = ({ url, token }: { url: string; token: string }): AdminBackend => {
  const call = async <T>({ method, path, body }: Call): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const response = await fetch(`${url}${path}`, init).catch((cause: unknown) => {
      throw new Fault('ServiceUnavailable', `The server at ${url} does not answer.`, { cause })
    })
    const text = await response.text()
    if (!response.ok) throw faultOf(response.status, text)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  const listAll = async <T>(path: string): Promise<T[]> => {
    const items: T[] = []
    for (let page = 1; page <= PAGES_MAX; page++) {
      const query = `page=${page}&pageSize=${PAGE_SIZE}`
      const answer = await call<{ items: T[]; total: number }>({ method: 'GET', path: `${path}?${query}` })
      items.push(...answer.items)
      if (items.length >= answer.total || answer.items.length === 0) break
    }
    return items
  }
  const maintain = async <T>(task: string): Promise<T> =>
    (await call<{ result: T }>({ method: 'POST', path: `/admin/maintenance/${task}` })).result
  const named = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`
  return {
    place: `the server at ${url}`,
    listLibraries: () => listAll<LibraryRow>('/admin/libraries'),
    createLibrary: (fields) => call<LibraryRow>({ method: 'POST', path: '/admin/libraries', body: fields }),
    deleteLibrary: (dnaDbId, { force }) =>
      call({ method: 'DELETE', path: `${named('/admin/libraries', dnaDbId)}${force ? '?force=true' : ''}` }),
    listKeys: () => listAll<KeyRow>('/admin/keys'),
    createKey: (fields) => call({ method: 'POST', path: '/admin/keys', body: fields }),
    revokeKey: (secretId) => call({ method: 'DELETE', path: named('/admin/keys', secretId) }),
    migrate: () => maintain<{ from: number; to: number }>('migrate'),
    reindex: () => maintain<{ videos: number }>('reindex'),
    check: ({ repair }) => maintain<CheckReport>(repair ? 'repair' : 'check'),
    close: async () => undefined,
  }
}

/** The admin API's `{error: {code, message}}`, in its own words. */
const faultOf = (status: number, text: string): Fault => {
  let message = `The server answered ${status}.`
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } }
    if (error?.message !== undefined) message = error.message
  } catch {
    // Not ours, perhaps a proxy's page: its status says enough.
  }
  return new Fault(status === 404 ? 'NotFound' : status === 409 ? 'Conflict' : 'InvalidArgument', message)
}
