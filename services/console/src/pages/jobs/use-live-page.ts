import type { RouteAnswer } from '@kinoprint/contract'
import { useEffect, useState } from 'preact/hooks'
import type { Loaded } from '../../api/use-load.ts'
import { useLive } from '../../shell/live.ts'

type JobPage = RouteAnswer<'listJobs'>

/**
 * Keeps the order of the rows of a list while jobs change: rows change in place, and new ones wait until the user
 * asks for them. `key` is the address of the list; another address shows another page at once.
 */
export function useLivePage({ data, isLoading, reload }: Loaded<JobPage>, key: string) {
  const [shown, setShown] = useState<{ readonly key: string; readonly page: JobPage } | undefined>()
  const isSame = shown !== undefined && shown.key === key
  useEffect(() => {
    if (data !== undefined && !isLoading && !isSame) setShown({ key, page: data })
  }, [data, isLoading, isSame, key])
  useLive('jobs', reload)
  const base = shown?.page ?? data
  const fresh = new Map(data?.items.map((job) => [job.jobId, job]))
  return {
    page:
      base === undefined || data === undefined || !isSame
        ? base
        : {
            ...base,
            counts: data.counts,
            items: base.items.map((job) => fresh.get(job.jobId) ?? job),
          },
    isStale: !isSame && shown !== undefined && isLoading,
    /** How many rows of the newest answer are not shown. */
    newer: isSame
      ? [...fresh.keys()].filter((id) => !shown.page.items.some(({ jobId }) => jobId === id)).length
      : 0,
    showNewer: () => data !== undefined && setShown({ key, page: data }),
  }
}
