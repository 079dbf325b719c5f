import '../../styles/usage.css'
import type { RouteAnswer } from '@kinoprint/contract'
import { ChartColumn, Download } from 'lucide'
import { addressOf, api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { locale, messages } from '../../messages/messages.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { StackChart } from '../../parts/stack-chart.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import {
  daysOf,
  type Grouping,
  groupings,
  groupsOf,
  type Measure,
  measures,
  periodOf,
  valuesByDay,
} from './usage-groups.ts'
import { UsageTable } from './usage-table.tsx'
import { usageTexts } from './usage-texts.ts'

const periods = [7, 30, 90] as const
const USUAL_PERIOD = 30
/** Colours of the chart. Further groups share the last one. */
const tones = ['main', 'third', 'fourth', 'fifth', 'quiet'] as const

/** Jobs and minutes of video by day, by key, library or kind. */
export default function Usage() {
  const texts = usageTexts.value
  usePageTitle(texts.title)
  const { query, change } = useAddress()
  const by = groupings.find((one) => one === query.by) ?? 'key'
  const measure = measures.find((one) => one === query.measure) ?? 'billedMinutes'
  const days = periods.find((one) => String(one) === query.days) ?? USUAL_PERIOD
  const request = { ...periodOf(days, Date.now()), by: ['day', by] satisfies ['day', Grouping] }
  const loaded = useLoad(() => api.getUsage({ query: request }), JSON.stringify(request)).value
  const { nameOf, keyOf } = useNames(by)
  const { data } = loaded
  // The last answer stays while another grouping loads.
  const isStale = data !== undefined && !data.by.includes(by)
  return (
    <>
      <header class="head usage-head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        <select
          class="select"
          aria-label={texts.measure}
          value={measure}
          onChange={(event) => change({ measure: event.currentTarget.value })}
        >
          {measures.map((one) => (
            <option key={one} value={one}>
              {texts.measures[one]}
            </option>
          ))}
        </select>
        <select
          class="select"
          aria-label={texts.period}
          value={days}
          onChange={(event) => change({ days: event.currentTarget.value })}
        >
          {periods.map((one) => (
            <option key={one} value={one}>
              {texts.days(one)}
            </option>
          ))}
        </select>
        <a class="btn" href={addressOf('getUsageCsv', { query: request })} download>
          <Icon of={Download} />
          {texts.csv}
        </a>
      </header>
      <Tabs
        label={texts.by}
        current={by}
        tabs={groupings.map((one) => ({
          key: one,
          label: texts.groups[one],
          href: hrefOf({ ...query, by: one }),
        }))}
      />
      <div class="body usage-body">
        <LoadedCard
          title={texts.perDay[measure]}
          note={[texts.utc, data !== undefined && sinceText(data)].filter(Boolean).join(' ')}
          loaded={isStale ? { ...loaded, data: undefined } : loaded}
          rows={5}
        >
          {(usage) => {
            const groups = groupsOf(usage.rows, by, measure)
            if (groups.length === 0) {
              return (
                <EmptyState icon={ChartColumn} title={texts.none}>
                  <p>{texts.noneText}</p>
                </EmptyState>
              )
            }
            return (
              <>
                <UsageChart {...{ usage, by, measure, nameOf, ids: groups.map(({ id }) => id) }} />
                <UsageTable {...{ by, groups, totals: usage.totals, nameOf, keyOf }} />
              </>
            )
          }}
        </LoadedCard>
      </div>
    </>
  )
}

type UsageAnswer = RouteAnswer<'getUsage'>

function UsageChart({
  usage: { from, to, rows },
  by,
  measure,
  ids,
  nameOf,
}: {
  readonly usage: UsageAnswer
  readonly by: Grouping
  readonly measure: Measure
  readonly ids: readonly string[]
  readonly nameOf: (id: string) => string
}) {
  const texts = usageTexts.value
  const hasOthers = ids.length > tones.length
  const named = hasOthers ? ids.slice(0, tones.length - 1) : ids
  const names = [...named.map(nameOf), ...(hasOthers ? [texts.others] : [])]
  const byDay = valuesByDay(rows, { by, measure, ids: named })
  const format = new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return (
    <StackChart
      label={texts.perDay[measure]}
      digits={measure === 'billedMinutes' ? 1 : 0}
      series={names.map((name, at) => ({ name, tone: tones[at] ?? 'quiet' }))}
      bars={daysOf(from, to).map((day) => {
        const label = format.format(new Date(day))
        return {
          key: day,
          label,
          tick: label,
          values: (byDay.get(day) ?? []).slice(0, names.length),
          href: `/console/jobs?from=${day}T00:00:00.000Z&to=${day}T23:59:59.999Z`,
        }
      })}
    />
  )
}

/** The names of groups and their keys: names of keys and libraries where they still exist, otherwise their ids. */
function useNames(by: Grouping) {
  const texts = usageTexts.value
  const { kinds } = messages.value.parts
  const keys = useLoad(() => api.listKeys({ query: { pageSize: 100 } })).value.data?.items ?? []
  const libraries = useLibraryNames().names
  const keyOf = (id: string) => (by === 'key' ? keys.find(({ secretId }) => secretId === id) : undefined)
  const nameOf = (id: string): string => {
    if (by === 'kind') return id in kinds ? kinds[id as keyof typeof kinds] : id
    if (by === 'library') return libraries.get(id) ?? id
    return id === '' ? texts.noKey : (keyOf(id)?.name ?? id)
  }
  return { nameOf, keyOf }
}

function hrefOf(query: Readonly<Record<string, string>>): string {
  return `/console/usage?${new URLSearchParams(query)}`
}

/** Says where the records begin, if that is within the period. */
function sinceText({ since, from }: UsageAnswer): string {
  if (since === null || since <= from) return ''
  const format = new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeZone: 'UTC' })
  return usageTexts.value.since(format.format(new Date(since)))
}
