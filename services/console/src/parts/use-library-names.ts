import { api } from '../api/client.ts'
import { useLoad } from '../api/use-load.ts'

/** The names of the libraries by id, for filters and lists; the first 100. */
export function useLibraryNames() {
  const { data } = useLoad(() => api.listLibraries({ query: { pageSize: 100 } })).value
  return {
    libraries: data?.items,
    names: new Map((data?.items ?? []).map(({ dnaDbId, name }) => [dnaDbId, name])),
  }
}
