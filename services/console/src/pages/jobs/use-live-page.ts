import type { RouteAnswer } from '@kinoprint/contract'
import { useEffect, useState } from 'preact/hooks'
import type { Loaded } from '../../api/use-load.ts'
import { hasEnded } from '../../parts/job-state.tsx'

type JobPage = RouteAnswer<'listJobs'>

const BUSY_MS = 1_500
const IDLE_MS = 10_000

/**
 * Keeps the order of the rows of a list while jobs change: rows change in place, and new ones wait until the user
 * asks for them. `key` is the address of the list; another address shows another page at once.
 */
export function useLivePage({ data, isLoading, fault, reload }: Loaded<JobPage>, key: string) {
  const [shown, setShown] = useState<{ readonly key: string; readonly page: JobPage } | undefined>()
  const isSame = shown !== undefined && shown.key === key
  useEffect(() => {
    if (data !== undefined && !isLoading && !isSame) setShown({ key, page: data })
  }, [data, isLoading, isSame, key])
  const isBusy = data?.items.some((job) => !hasEnded(job)) === true
  useEffect(() => {
    if (isLoading || fault !== undefined) return
    const timer = setTimeout(
      () => {
        if (!document.hidden) reload()
      },
      isBusy ? BUSY_MS : IDLE_MS,
    )
    return () => clearTimeout(timer)
  }, [isLoading, isBusy, fault, reload, data])
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
