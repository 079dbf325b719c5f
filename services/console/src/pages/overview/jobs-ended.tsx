import type { RouteAnswer } from '@kinoprint/contract'
import type { Loaded } from '../../api/use-load.ts'
import { momentFullText } from '../../format/format.ts'
import { locale, messages } from '../../messages/messages.ts'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { StackChart } from '../../parts/stack-chart.tsx'

type Series = RouteAnswer<'getSeries'>

const DAY_SECONDS = 86_400

/** Jobs that ended, as bars over time. Each bar leads to its jobs, and a table says the same. */
export function JobsEnded({ loaded }: { readonly loaded: Loaded<Series> }) {
  const texts = messages.value.overview
  return (
    <LoadedCard title={texts.jobsEnded} loaded={loaded} rows={5}>
      {({ points, stepSeconds }) => (
        <StackChart
          label={texts.jobsEnded}
          series={[
            { name: texts.legend.search, tone: 'main' },
            { name: texts.legend.store, tone: 'quiet' },
          ]}
          bars={points.map(({ at, succeeded, searches, failed }) => ({
            key: at,
            label: momentFullText(at),
            tick: tickOf(at, stepSeconds),
            values: [searches, Math.max(0, succeeded - searches)],
            failed,
            // A bar without jobs leads nowhere.
            ...(succeeded + failed === 0 ? {} : { href: hrefOf(at, stepSeconds) }),
          }))}
        />
      )}
    </LoadedCard>
  )
}

function hrefOf(at: string, stepSeconds: number): string {
  const until = new Date(Date.parse(at) + stepSeconds * 1000).toISOString()
  return `/console/jobs?${new URLSearchParams({ from: at, to: until })}`
}

/** 15:00; for steps of a day 28 Nov. */
function tickOf(at: string, stepSeconds: number): string {
  const format =
    stepSeconds >= DAY_SECONDS / 6
      ? ({ day: 'numeric', month: 'short' } as const)
      : ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const)
  return new Intl.DateTimeFormat(locale.value, format).format(new Date(at))
}
