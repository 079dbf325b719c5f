import { useCallback } from 'preact/hooks'
import { useLocation } from 'preact-iso'

export type Address = {
  /** The fields of the query string. */
  readonly query: Readonly<Record<string, string>>
  /** The page, from 1. */
  readonly page: number
  readonly pageSize: number
  /** Changes fields of the query string; undefined and '' remove one. Another filter leads back to page 1. */
  readonly change: (fields: Readonly<Record<string, string | number | undefined>>) => void
  /** Changes with the query string: the key of `useLoad`. */
  readonly key: string
}

export const pageSizes = [20, 50, 100] as const
const USUAL_SIZE = 50

/** Filters, order and page of a list, kept in the address so that a view can be sent to somebody. */
export function useAddress(): Address {
  const { path, query, url, route } = useLocation()
  const change = useCallback(
    (fields: Readonly<Record<string, string | number | undefined>>) => {
      const next = new URLSearchParams(location.search)
      if (!('page' in fields)) next.delete('page')
      for (const [name, value] of Object.entries(fields)) {
        if (value === undefined || value === '' || (name === 'page' && value === 1)) next.delete(name)
        else next.set(name, String(value))
      }
      const search = next.toString()
      // A page of results is a step to go back to; a filter that is being typed is not.
      route(search === '' ? path : `${path}?${search}`, !('page' in fields))
    },
    [path, route],
  )
  const size = Number(query.pageSize)
  return {
    query,
    page: Math.max(1, Math.floor(Number(query.page)) || 1),
    pageSize: pageSizes.some((one) => one === size) ? size : USUAL_SIZE,
    change,
    key: url,
  }
}
