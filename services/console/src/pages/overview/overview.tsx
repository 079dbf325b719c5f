import '../../styles/overview.css'
import type { RouteAnswer } from '@kinoprint/contract'
import { ScanSearch } from 'lucide'
import { useEffect } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { type Loaded, useLoad } from '../../api/use-load.ts'
import { bytesText, hoursText, numberText, percentText, spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import Readiness from '../../parts/readiness.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { counts } from '../../shell/counts.ts'
import { useLive } from '../../shell/live.ts'
import { JobsEnded } from './jobs-ended.tsx'
import { LatestMatches, Libraries, RunningNow, WhyFailed, Workers } from './lists.tsx'
import { Needs } from './needs.tsx'
import { TryIt } from './try-it.tsx'

/** How long each time is, and the steps of its bars, in seconds. */
const ranges = {
  '1h': { seconds: 3600, step: 120 },
  '24h': { seconds: 86_400, step: 1800 },
  '7d': { seconds: 604_800, step: 14_400 },
  '30d': { seconds: 2_592_000, step: 86_400 },
} as const
type Range = keyof typeof ranges

const RELOAD_MS = 30_000
/** How many matches are listed. */
const LATEST = 5

/** What needs a decision first, then how the installation does; "Try it" while nothing is stored. */
export default function Overview() {
  const texts = messages.value.overview
  usePageTitle(texts.title)
  const { query, change } = useAddress()
  const range: Range = query.range !== undefined && query.range in ranges ? (query.range as Range) : '24h'
  const stats = useLoad(() => api.getStats()).value
  const series = useLoad(() => {
    const { seconds, step } = ranges[range]
    return api.getSeries({ query: { from: new Date(Date.now() - seconds * 1000).toISOString(), step } })
  }, range).value
  const workers = useLoad(() => api.listWorkers()).value
  const matches = useLoad(() => api.listMatches({ query: { state: 'open', pageSize: LATEST } })).value
  const oldest = useLoad(() =>
    api.listMatches({ query: { state: 'open', order: 'oldest', pageSize: 1 } }),
  ).value
  const jobs = useLoad(() => api.listJobs({ query: { state: 'Running' as never, pageSize: 20 } })).value
  const queues = useLoad(() => api.listQueues({ query: { pageSize: 100 } })).value
  const all = [stats, series, workers, matches, oldest, jobs, queues]
  const retry = () => {
    for (const { reload } of all) reload()
  }
  useLive('jobs', () => {
    for (const { reload } of [stats, series, jobs, queues]) reload()
  })
  useLive('matches', () => {
    for (const { reload } of [matches, oldest]) reload()
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
          {(Object.keys(ranges) as Range[]).map((one) => (
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
        <TryIt isOffered={isEmpty} />
        <Needs
          {...{ workers: workers.data, matches: oldest.data, queues: queues.data }}
          waiting={stats.data?.jobs.Submitted ?? 0}
          failed={series.data?.totals.failed}
          from={series.data?.from ?? ''}
        />
        {!isAway && stats.data === undefined && stats.fault !== undefined && (
          <LoadFailed fault={stats.fault} retry={stats.reload} />
        )}
        {stats.data === undefined || series.data === undefined ? (
          stats.fault === undefined && series.fault === undefined && <TableShape />
        ) : (
          <section class="card figs">
            <Figure
              name={`${texts.searches}, ${texts.ranges[range]}`}
              value={numberText(series.data.totals.searches)}
            />
            <Figure
              name={texts.withMatch}
              value={numberText(series.data.totals.searchesWithMatch)}
              more={shareText(series.data.totals)}
            />
            <Figure
              name={texts.takes}
              value={
                series.data.totals.searchSeconds === null
                  ? '–'
                  : spanText(series.data.totals.searchSeconds.p50)
              }
              more={texts.median}
              below={
                series.data.totals.searchSeconds === null
                  ? ''
                  : texts.slowest(spanText(series.data.totals.searchSeconds.p95))
              }
            />
            <Figure
              name={texts.waiting}
              value={numberText(stats.data.jobs.Submitted + stats.data.jobs.Pause)}
              more={oldestWaiting(queues.data)}
              below={texts.running(numberText(stats.data.jobs.Running))}
            />
            <Figure
              name={texts.stored}
              value={hoursText(stats.data.hours * 3600)}
              below={texts.videos(numberText(stats.data.videos), bytesText(stats.data.bytes))}
            />
          </section>
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

/** How long the oldest job of any queue has waited. */
function oldestWaiting(queues: RouteAnswer<'listQueues'> | undefined): string {
  const times = (queues?.items ?? [])
    .flatMap(({ waiting }) => waiting)
    .flatMap(({ oldestAt }) => (oldestAt === null ? [] : [Date.parse(oldestAt)]))
  if (times.length === 0) return ''
  const seconds = Math.max(0, (Date.now() - Math.min(...times)) / 1000)
  return messages.value.overview.oldestFor(spanText(seconds))
}

function totalJobs(jobs: Readonly<Record<string, number>>): number {
  return Object.values(jobs).reduce((sum, count) => sum + count, 0)
}

function shareText({
  searches,
  searchesWithMatch,
}: {
  readonly searches: number
  readonly searchesWithMatch: number
}) {
  return searches === 0 ? '' : percentText(searchesWithMatch / searches)
}

function Figure({
  name,
  value,
  more = '',
  below = '',
}: {
  readonly name: string
  readonly value: string
  readonly more?: string
  readonly below?: string
}) {
  return (
    <div class="fig">
      <div class="cap">{name}</div>
      <div class="v">
        {value} <small>{more}</small>
      </div>
      <div class="q">{below}</div>
    </div>
  )
}
