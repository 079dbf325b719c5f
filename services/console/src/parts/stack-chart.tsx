import '../styles/charts.css'
import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { numberText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'
import { niceTop } from './nice-top.ts'
import { useSize } from './use-size.ts'

type Series = { readonly name: string; readonly tone: 'main' | 'quiet' | 'third' | 'fourth' | 'fifth' }

export type StackBar = {
  readonly key: string
  /** What the bar covers, e.g. "10:00–10:30". */
  readonly label: string
  /** Stands under the axis at every few bars. */
  readonly tick: string
  /** A number for each series. */
  readonly values: readonly number[]
  /** Marked with a red triangle if above 0. */
  readonly failed?: number
  /** Where a click, or the link in the table, leads. */
  readonly href?: string
}

/** The width of a label under the axis, with the gap beside it. */
const TICK_WIDTH = 62
const GRID_STEPS = 4

/** Stacked bars over time. The same figures are a table behind "Show as table", where each bar is a link. */
export function StackChart({
  label,
  series,
  bars,
  digits = 0,
}: {
  readonly label: string
  readonly series: readonly Series[]
  readonly bars: readonly StackBar[]
  readonly digits?: number
}) {
  const texts = messages.value.charts
  const [isTable, setTable] = useState(false)
  return (
    <div class="in chart">
      <div class="row wrap sm">
        {series.map(({ name, tone }) => (
          <span key={name} class="row g4 q">
            <i class={`key ${tone}`} aria-hidden="true" />
            <span dir="auto" translate={false}>
              {name}
            </span>
          </span>
        ))}
        {bars.some(({ failed }) => failed !== undefined) && (
          <span class="row g4 q">
            <FailedMark />
            {texts.failed}
          </span>
        )}
        <span class="sp" />
        <button type="button" class="btn xs gh" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? texts.showChart : texts.showTable}
        </button>
      </div>
      {isTable ? (
        <BarTable {...{ label, series, bars, digits }} />
      ) : (
        <Bars {...{ label, series, bars, digits }} />
      )}
    </div>
  )
}

type Shown = {
  readonly label: string
  readonly series: readonly Series[]
  readonly bars: readonly StackBar[]
  readonly digits: number
}

function Bars({ label, series, bars, digits }: Shown) {
  const { route } = useLocation()
  const [pointed, setPointed] = useState(-1)
  const top = niceTop(Math.max(0, ...bars.map(sumOf)))
  const plot = useRef<HTMLDivElement>(null)
  const { width } = useSize(plot)
  const ticks = Math.max(2, Math.min(8, Math.floor(width / TICK_WIDTH)))
  const every = Math.max(1, Math.ceil(bars.length / ticks))
  const bar = bars[pointed]
  return (
    <div ref={plot} class="plot" role="img" aria-label={`${label}. ${messages.value.charts.inTable}`}>
      {Array.from({ length: GRID_STEPS }, (_, step) => (
        <div
          key={step}
          class="gridline"
          style={{ bottom: `calc(22px + (100% - 22px) * ${(step + 1) / (GRID_STEPS + 0.4)})` }}
        >
          <span>{numberText((top / GRID_STEPS) * (step + 1), 1)}</span>
        </div>
      ))}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the table has the same figures for the keyboard. */}
      <div class="bars" onMouseLeave={() => setPointed(-1)}>
        {bars.map((one, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the table has each bar as a link.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the table has each bar as a link.
          <div
            key={one.key}
            class={`stack ${one.href === undefined ? '' : 'opens'} ${index === pointed ? 'on' : ''}`}
            onMouseEnter={() => setPointed(index)}
            onClick={() => one.href !== undefined && route(one.href)}
          >
            <div class="pile">
              {one.values.map((value, at) =>
                value <= 0 ? null : (
                  <i
                    key={at}
                    class={series[at]?.tone ?? 'main'}
                    style={{ height: `${(value / top) * (GRID_STEPS / (GRID_STEPS + 0.4)) * 100}%` }}
                  />
                ),
              )}
            </div>
            <span class="mark">{(one.failed ?? 0) > 0 && <FailedMark />}</span>
            <span class="tick-text">{index % every === 0 ? one.tick : ''}</span>
          </div>
        ))}
      </div>
      {bar !== undefined && (
        <div class={pointed > bars.length / 2 ? 'tip left' : 'tip'}>
          <b>{bar.label}</b>
          {series.map(({ name }, at) => (
            <span key={name}>
              <span dir="auto">{name}</span> {numberText(bar.values[at] ?? 0, digits)}
            </span>
          ))}
          {bar.failed !== undefined && (
            <span>
              {messages.value.charts.failed} {numberText(bar.failed)}
            </span>
          )}
        </div>
      )}
    </div>
  )
}

function BarTable({ label, series, bars, digits }: Shown) {
  const texts = messages.value.charts
  const hasFailed = bars.some(({ failed }) => failed !== undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <section class="chart-table" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th>{texts.time}</th>
            {series.map(({ name }) => (
              <th key={name} class="r" dir="auto">
                {name}
              </th>
            ))}
            {hasFailed && <th class="r">{texts.failed}</th>}
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.key}>
              <td class="nw">
                {bar.href === undefined ? (
                  bar.label
                ) : (
                  <a class="t" href={bar.href}>
                    {bar.label}
                  </a>
                )}
              </td>
              {series.map(({ name }, at) => (
                <td key={name} class="r">
                  {numberText(bar.values[at] ?? 0, digits)}
                </td>
              ))}
              {hasFailed && <td class="r">{numberText(bar.failed ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function FailedMark() {
  return (
    <svg class="failed-mark" width="10" height="8" aria-hidden="true">
      <path d="M1 8l4-7 4 7z" />
    </svg>
  )
}

function sumOf({ values }: StackBar): number {
  return values.reduce((sum, value) => sum + value, 0)
}
