import '../../styles/overview.css'
import { CircleAlert, CopyCheck, TriangleAlert } from 'lucide'
import { useEffect } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { type Loaded, useLoad } from '../../api/use-load.ts'
import { bytesText, hoursText, numberText, percentText, spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { counts } from '../../shell/counts.ts'
import { JobsEnded } from './jobs-ended.tsx'
import { LatestMatches, Libraries, RunningNow, WhyFailed, Workers } from './lists.tsx'
import { TryIt } from './try-it.tsx'

/** How long each time is, and the steps of its bars, in seconds. */
const ranges = {
  '1h': { seconds: 3600, step: 120 },
  '24h': { seconds: 86_400, step: 1800 },
  '7d': { seconds: 604_800, step: 14_400 },
  '30d': { seconds: 2_592_000, step: 86_400 },
} as const
type Range = keyof typeof ranges

const RELOAD_MS = 10_000

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
  const matches = useLoad(() => api.listMatches({ query: { state: 'open', pageSize: 20 } })).value
  const jobs = useLoad(() => api.listJobs({ query: { state: 'Running' as never, pageSize: 20 } })).value
  useReload([stats, series, workers, matches, jobs])
  const open = matches.data?.counts.open
  useEffect(() => {
    if (open !== undefined) counts.value = { ...counts.value, matches: open }
  }, [open])
  const isEmpty = stats.data !== undefined && stats.data.videos === 0 && totalJobs(stats.data.jobs) === 0
  const fault = stats.fault ?? series.fault ?? workers.fault ?? matches.fault ?? jobs.fault
  const retry = () => {
    for (const { reload } of [stats, series, workers, matches, jobs]) reload()
  }
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
      </header>
      <div class="body">
        {fault !== undefined && <LoadFailed fault={fault} retry={retry} />}
        <TryIt isOffered={isEmpty} />
        <Needs stats={stats} workers={workers} failed={series.data?.totals.failed} open={open} />
        {stats.data === undefined || series.data === undefined ? (
          <TableShape />
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
          <JobsEnded series={series.data} />
          <Workers workers={workers.data} />
        </div>
        <div class="two">
          <RunningNow jobs={jobs.data} />
          <WhyFailed failures={series.data?.failures} />
        </div>
        <div class="two">
          <LatestMatches matches={matches.data} />
          <Libraries />
        </div>
      </div>
    </>
  )
}

/** Loads again every 10 seconds while the page is visible. */
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

function Needs({
  stats,
  workers,
  failed = 0,
  open = 0,
}: {
  readonly stats: Loaded<Awaited<ReturnType<typeof api.getStats>>>
  readonly workers: Loaded<Awaited<ReturnType<typeof api.listWorkers>>>
  readonly failed: number | undefined
  readonly open: number | undefined
}) {
  const texts = messages.value.overview
  if (stats.data === undefined || workers.data === undefined) return null
  const waiting = stats.data.jobs.Submitted
  const isDead = !workers.data.items.some(({ state }) => state === 'alive')
  if (!isDead && failed === 0 && open === 0) return <p class="q">{texts.allClear}</p>
  return (
    <section class="needs" aria-label={texts.needs}>
      {isDead && (
        <div class="need" role="alert">
          <span class="ico bad">
            <Icon of={TriangleAlert} size="l" />
          </span>
          <div class="sp">
            <b>{texts.noWorker}</b>
            <p class="q">{texts.noWorkerText(numberText(waiting))}</p>
          </div>
        </div>
      )}
      {open > 0 && (
        <div class="need">
          <span class="ico">
            <Icon of={CopyCheck} size="l" />
          </span>
          <b class="sp">{texts.toReview(numberText(open))}</b>
          <a class="btn" href="/console/matches">
            {texts.review}
          </a>
        </div>
      )}
      {failed > 0 && (
        <div class="need">
          <span class="ico bad">
            <Icon of={CircleAlert} size="l" />
          </span>
          <b class="sp">{texts.failed(numberText(failed))}</b>
          <a class="btn" href="/console/jobs?state=failed">
            {texts.look}
          </a>
        </div>
      )}
    </section>
  )
}
