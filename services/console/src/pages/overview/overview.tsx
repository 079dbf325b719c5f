import '../../styles/overview.css'
import { ScanSearch } from 'lucide'
import { useEffect } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { api } from '../../api/client.ts'
import { type Loaded, useLoad } from '../../api/use-load.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import Readiness from '../../parts/readiness.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { counts } from '../../shell/counts.ts'
import { useLive } from '../../shell/live.ts'
import { isTryKnown } from '../try/try-mark.ts'
import { Figures } from './figures.tsx'
import { JobsEnded } from './jobs-ended.tsx'
import { LatestMatches, Libraries, RunningNow, WhyFailed, Workers } from './lists.tsx'
import { Needs } from './needs.tsx'
import { rangeNames, rangeOf, seriesBefore, seriesOf } from './ranges.ts'

const TryIt = lazy(() => import('../try/try-it.tsx'))

const RELOAD_MS = 30_000
/** How many matches are listed. */
const LATEST = 5

/** What needs a decision first, then how the installation does; "Try it" while nothing is stored. */
export default function Overview() {
  const texts = messages.value.overview
  usePageTitle(texts.title)
  const { query, change } = useAddress()
  const range = rangeOf(query.range)
  const stats = useLoad(() => api.getStats()).value
  const series = useLoad(() => api.getSeries({ query: seriesOf(range, new Date()) }), range).value
  const before = useLoad(() => api.getSeries({ query: seriesBefore(range, new Date()) }), range).value
  const workers = useLoad(() => api.listWorkers()).value
  const matches = useLoad(() => api.listMatches({ query: { state: 'open', pageSize: LATEST } })).value
  const oldest = useLoad(() =>
    api.listMatches({ query: { state: 'open', order: 'oldest', pageSize: 1 } }),
  ).value
  const held = useLoad(() => api.listHeldPassages({ query: { pageSize: 1 } })).value
  const jobs = useLoad(() => api.listJobs({ query: { state: 'Running' as never, pageSize: 20 } })).value
  const queues = useLoad(() => api.listQueues({ query: { pageSize: 100 } })).value
  const all = [stats, series, workers, matches, oldest, held, jobs, queues]
  const retry = () => {
    for (const { reload } of all) reload()
  }
  useLive('jobs', () => {
    for (const { reload } of [stats, series, jobs, queues]) reload()
  })
  useLive('matches', () => {
    for (const { reload } of [matches, oldest, held]) reload()
  })
  useLive('workers', workers.reload)
  useReload(all)
  const open = matches.data?.counts.open
  useEffect(() => {
    if (open !== undefined) counts.value = { ...counts.value, matches: open }
  }, [open])
  const isEmpty = stats.data !== undefined && stats.data.videos === 0 && totalJobs(stats.data.jobs) === 0
  const isAway = all.some(({ fault }) => fault?.status === 503)
  return (
    <>
      <header class="head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        <fieldset class="seg" aria-label={texts.range}>
          {rangeNames.map((one) => (
            <button
              key={one}
              type="button"
              class={one === range ? 'on' : ''}
              aria-pressed={one === range}
              onClick={() => change({ range: one === '24h' ? undefined : one })}
            >
              {texts.ranges[one]}
            </button>
          ))}
        </fieldset>
        <a class="btn p" href="/console/search">
          <Icon of={ScanSearch} />
          {texts.checkVideo}
        </a>
      </header>
      <div class="body">
        {isAway && <Readiness onReady={retry} />}
        {(isEmpty || isTryKnown()) && <TryIt isOffered={isEmpty} />}
        <Needs
          {...{ workers: workers.data, matches: oldest.data, held: held.data, queues: queues.data }}
          waiting={stats.data?.jobs.Submitted ?? 0}
          series={series.data}
        />
        {!isAway && stats.data === undefined && stats.fault !== undefined && (
          <LoadFailed fault={stats.fault} retry={stats.reload} part={texts.figures} />
        )}
        {stats.data === undefined || series.data === undefined ? (
          stats.fault === undefined && series.fault === undefined && <TableShape />
        ) : (
          <Figures
            {...{ range }}
            series={series.data}
            before={before.data}
            stats={stats.data}
            queues={queues.data}
          />
        )}
        <div class="two">
          <JobsEnded loaded={series} />
          <Workers loaded={workers} />
        </div>
        <div class="two">
          <RunningNow loaded={jobs} />
          <WhyFailed loaded={series} />
        </div>
        <div class="two">
          <LatestMatches loaded={matches} />
          <Libraries />
        </div>
      </div>
    </>
  )
}

/** Loads again every 30 seconds while the page is visible: ages and figures of a time change without an event. */
function useReload(loads: readonly Pick<Loaded<unknown>, 'reload'>[]): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) for (const { reload } of loads) reload()
    }, RELOAD_MS)
    return () => clearInterval(timer)
  }, [])
}

function totalJobs(jobs: Readonly<Record<string, number>>): number {
  return Object.values(jobs).reduce((sum, count) => sum + count, 0)
}
