export type Panel = {
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[]
}

/** One line of a panel. Times are seconds since 1970. */
export type Series = {
  readonly name: string
  readonly points: readonly (readonly [time: number, value: number])[]
}

export type DrawnPanel = Panel & { readonly series: readonly Series[] }

/** What the lines cover, in seconds since 1970. */
type TimeRange = { readonly from: number; readonly to: number }

const WIDTH = 1440
const COLUMN = WIDTH / 24
const ROW = 30
const GAP = 8
const COLOURS = ['#3b7dd8', '#2f9e6e', '#d9822b', '#c23f5f', '#7a5cc0', '#2a9db0', '#8a8f3a', '#b06ab3']
/** Legend entries that fit in a panel. */
const MAX_NAMES = 4

/** The dashboard as an SVG picture: its panels where Grafana puts them, with the lines and figures of Prometheus. */
export function drawDashboard(
  panels: readonly DrawnPanel[],
  { note, times }: { readonly note: string; readonly times: TimeRange },
): string {
  const bottom = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h))
  const height = bottom * ROW + 2 * GAP + 20
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#f4f5f7"/>`,
    ...panels.map((panel) => drawPanel(panel, times)),
    `<text x="${GAP}" y="${height - 8}" fill="#6b7280">${escaped(note)}</text>`,
    '</svg>\n',
  ].join('\n')
}

function drawPanel(panel: DrawnPanel, times: TimeRange): string {
  const { type, title, gridPos } = panel
  const [x, y] = [gridPos.x * COLUMN + GAP / 2, gridPos.y * ROW + GAP / 2]
  if (type === 'row')
    return `<text x="${x + 4}" y="${y + 20}" font-size="15" font-weight="600" fill="#1f2937">${escaped(title)}</text>`
  const [width, height] = [gridPos.w * COLUMN - GAP, gridPos.h * ROW - GAP]
  const box = { width, height }
  return [
    `<g transform="translate(${x} ${y})">`,
    `<rect width="${width}" height="${height}" rx="4" fill="#fff" stroke="#dfe2e7"/>`,
    `<text x="10" y="18" font-weight="600" fill="#374151">${escaped(title)}</text>`,
    type === 'stat' ? drawFigures(panel, box) : drawLines(panel, box, times),
    '</g>',
  ].join('\n')
}

type Box = { readonly width: number; readonly height: number }

function drawFigures({ series, fieldConfig }: DrawnPanel, { width, height }: Box): string {
  const each = width / Math.max(1, series.length)
  return series
    .map(({ name, points }, i) => {
      const x = each * (i + 0.5)
      const value = valueText(points.at(-1)?.[1], fieldConfig?.defaults.unit)
      const figure = `<text x="${x}" y="${height - 38}" font-size="26" text-anchor="middle" fill="#1f2937">${value}</text>`
      return `${figure}<text x="${x}" y="${height - 16}" text-anchor="middle" fill="#6b7280">${escaped(name)}</text>`
    })
    .join('')
}

function drawLines(
  { series, fieldConfig }: DrawnPanel,
  { width, height }: Box,
  { from, to }: TimeRange,
): string {
  const unit = fieldConfig?.defaults.unit
  const plot = { left: 58, top: 30, right: width - 12, bottom: height - 44 }
  if (series.length === 0) return `<text x="${width / 2}" y="${height / 2}" fill="#6b7280">No data</text>`
  const top = topOf(Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value))))
  const x = (time: number) => plot.left + ((plot.right - plot.left) * (time - from)) / Math.max(1, to - from)
  const y = (value: number) => plot.bottom - ((plot.bottom - plot.top) * value) / top
  const grid = [0, 0.5, 1].map((share) => {
    const at = y(share * top).toFixed(1)
    const line = `<line x1="${plot.left}" x2="${plot.right}" y1="${at}" y2="${at}" stroke="#eceef1"/>`
    return `${line}<text x="${plot.left - 6}" y="${Number(at) + 4}" text-anchor="end" fill="#6b7280">${valueText(share * top, unit)}</text>`
  })
  const lines = series.map(({ points }, i) => {
    const path = points.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    return `<polyline points="${path}" fill="none" stroke="${colourOf(i)}" stroke-width="1.5"/>`
  })
  const clock = [from, to].map((time, i) => {
    const anchor = i === 0 ? 'start' : 'end'
    const text = new Date(time * 1000).toISOString().slice(11, 16)
    return `<text x="${i === 0 ? plot.left : plot.right}" y="${plot.bottom + 15}" text-anchor="${anchor}" fill="#6b7280">${text}</text>`
  })
  return [...grid, ...lines, ...clock, legendOf(series, { width, height })].join('\n')
}

/** The top of an axis: the least of 1, 2, 4 and 8 times a power of ten that holds `largest`; 1 for nothing but zeros. */
function topOf(largest: number): number {
  if (largest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(largest))
  const factor = [1, 2, 4, 8].find((one) => one * power >= largest * 0.999) ?? 10
  return factor * power
}

function legendOf(series: readonly Series[], { width, height }: Box): string {
  const shown = series.slice(0, MAX_NAMES)
  const each = (width - 20) / shown.length
  const most = Math.floor((each - 18) / 6)
  const names = shown.map(({ name }, i) => {
    const x = 10 + each * i
    const more = i === MAX_NAMES - 1 && series.length > MAX_NAMES ? ` +${series.length - MAX_NAMES}` : ''
    const text =
      name.length + more.length > most ? `${name.slice(0, most - more.length - 1)}…${more}` : name + more
    const mark = `<rect x="${x}" y="${height - 19}" width="10" height="3" fill="${colourOf(i)}"/>`
    return `${mark}<text x="${x + 14}" y="${height - 12}" font-size="11" fill="#374151">${escaped(text)}</text>`
  })
  return names.join('')
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#000'
}

/** A value with its unit, to three digits. */
function valueText(value: number | undefined, unit: string | undefined): string {
  if (value === undefined) return 'No data'
  if (unit === 'percentunit') return `${Number((100 * value).toPrecision(3))} %`
  if (unit === 'bytes') return bytesText(value)
  const text = String(Number(value.toPrecision(3)))
  return unit === 's' ? `${text} s` : unit === 'reqps' ? `${text}/s` : text
}

function bytesText(value: number): string {
  const [size, name] = value >= 1e9 ? [1e9, 'GB'] : value >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB']
  return `${Number((value / size).toPrecision(3))} ${name}`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
