import type { RouteAnswer } from '@kinoprint/contract'
import type { ComponentChildren } from 'preact'
import { bytesText, hoursText, listText, numberText, percentText, spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Sparkline } from '../../parts/sparkline.tsx'
import type { Range } from './ranges.ts'

type Series = RouteAnswer<'getSeries'>

/** The figures of a time, against the time of the same length before it, and what is stored. */
export function Figures(props: {
  readonly range: Range
  readonly series: Series
  readonly before: Series | undefined
  readonly stats: RouteAnswer<'getStats'>
  readonly queues: RouteAnswer<'listQueues'> | undefined
}) {
  const { range, series, before, stats, queues } = props
  const texts = messages.value.overview
  const { totals, matches, points } = series
  const { searches, searchesWithMatch, searchSeconds } = totals
  const change = before === undefined ? null : changeText(searches, before.totals.searches)
  return (
    <section class="card figs">
      <Figure name={listText([texts.searches, texts.ranges[range]])} value={numberText(searches)}>
        {change !== null && texts.against(change, texts.before[range])}
      </Figure>
      <Figure
        name={texts.withMatch}
        value={numberText(searchesWithMatch)}
        more={searches === 0 ? '' : percentText(searchesWithMatch / searches)}
      >
        {texts.decided(numberText(matches.confirmed), numberText(matches.open))}
      </Figure>
      <Figure
        name={texts.takes}
        value={searchSeconds === null ? '–' : spanText(searchSeconds.p50)}
        more={searchSeconds === null ? '' : texts.median}
      >
        {searchSeconds !== null && (
          <>
            {texts.slowest(spanText(searchSeconds.p95))}
            <Sparkline
              values={points.map((point) => point.searchSeconds?.p50 ?? null)}
              label={(least, most) => texts.medians(spanText(least), spanText(most))}
            />
          </>
        )}
      </Figure>
      <Figure
        name={texts.waiting}
        value={numberText(stats.jobs.Submitted + stats.jobs.Pause)}
        more={oldestWaiting(queues)}
      >
        {texts.running(numberText(stats.jobs.Running))}
      </Figure>
      <Figure name={texts.stored} value={hoursText(stats.hours * 3600)}>
        {texts.videos(numberText(stats.videos), bytesText(stats.bytes))}
      </Figure>
    </section>
  )
}

/** +9 % or −3 %; null if there was nothing before. */
function changeText(now: number, before: number): string | null {
  if (before === 0) return null
  const change = now / before - 1
  const sign = Math.round(100 * change) === 0 ? '±' : change > 0 ? '+' : '−'
  return `${sign}${percentText(Math.abs(change))}`
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

function Figure(props: {
  readonly name: string
  readonly value: string
  readonly more?: string
  /** Below the value. */
  readonly children?: ComponentChildren
}) {
  const { name, value, more = '', children } = props
  return (
    <div class="fig">
      <div class="cap">{name}</div>
      <div class="v">
        {value} <small>{more}</small>
      </div>
      <div class="q">{children}</div>
    </div>
  )
}
