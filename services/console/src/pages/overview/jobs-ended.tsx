import type { RouteAnswer } from '@kinoprint/contract'
import { momentFullText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'

type Series = RouteAnswer<'getSeries'>
type Point = Series['points'][number]

const WIDTH = 720
const HEIGHT = 180
const TOP = 12
const FLOOR = 150
/** Where failures are marked, below the bars. */
const FAILED_AT = 156

/** Jobs that ended, as bars over time. Each bar leads to its jobs, and a table says the same. */
export function JobsEnded({ series }: { readonly series: Series | undefined }) {
  const texts = messages.value.overview
  const points = series?.points ?? []
  return (
    <section class="card">
      <header>
        <h2>{texts.jobsEnded}</h2>
        <span class="sp" />
        <span class="legend sm q hide-s">
          {(['search', 'store', 'failed'] as const).map((kind) => (
            <span key={kind}>
              <i class={kind} />
              {texts.legend[kind]}
            </span>
          ))}
        </span>
      </header>
      <div class="in bars">
        <Bars points={points} stepSeconds={series?.stepSeconds ?? 1} />
        <details>
          <summary class="q">{texts.showTable}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
          <div class="table-scroll" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th>{texts.from}</th>
                  <th class="r">{texts.legend.search}</th>
                  <th class="r">{texts.legend.store}</th>
                  <th class="r">{texts.legend.failed}</th>
                </tr>
              </thead>
              <tbody>
                {points.map((point) => (
                  <tr key={point.at}>
                    <td>{momentFullText(point.at)}</td>
                    <td class="r">{numberText(point.searches)}</td>
                    <td class="r">{numberText(othersOf(point))}</td>
                    <td class="r">{numberText(point.failed)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </div>
    </section>
  )
}

function othersOf({ succeeded, searches }: Point): number {
  return Math.max(0, succeeded - searches)
}

function Bars({ points, stepSeconds }: { readonly points: readonly Point[]; readonly stepSeconds: number }) {
  const texts = messages.value.overview
  const highest = Math.max(1, ...points.map(({ succeeded }) => succeeded))
  const slot = WIDTH / Math.max(1, points.length)
  const heightOf = (jobs: number) => ((FLOOR - TOP) * jobs) / highest
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
      <title>{texts.jobsEnded}</title>
      <line class="rule" x1="0" x2={WIDTH} y1={FLOOR} y2={FLOOR} />
      {points.map((point, index) => {
        const others = othersOf(point)
        const [searchHeight, otherHeight] = [heightOf(point.searches), heightOf(others)]
        const until = new Date(Date.parse(point.at) + stepSeconds * 1000).toISOString()
        const [x, width] = [index * slot + slot * 0.1, slot * 0.8]
        const label = texts.bar(
          momentFullText(point.at),
          numberText(point.searches),
          numberText(others),
          numberText(point.failed),
        )
        const shape = (
          <>
            <title>{label}</title>
            <rect class="hit" x={index * slot} y="0" width={slot} height={HEIGHT} />
            <rect class="search" x={x} y={FLOOR - searchHeight} width={width} height={searchHeight} />
            <rect
              class="store"
              x={x}
              y={FLOOR - searchHeight - otherHeight}
              width={width}
              height={otherHeight}
            />
            {point.failed > 0 && <rect class="failed" x={x} y={FAILED_AT} width={width} height="6" />}
          </>
        )
        const fields = new URLSearchParams({ from: point.at, to: until })
        // A bar without jobs leads nowhere and is no stop of the Tab key.
        return point.succeeded + point.failed === 0 ? (
          <g key={point.at}>{shape}</g>
        ) : (
          <a key={point.at} href={`/console/jobs?${fields}`} aria-label={label}>
            {shape}
          </a>
        )
      })}
    </svg>
  )
}
