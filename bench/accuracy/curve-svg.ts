import type { OperatingPoint } from './score/micro-ap.ts'

export type Curve = { readonly name: string; readonly points: readonly OperatingPoint[] }

const [WIDTH, HEIGHT, MARGIN] = [640, 480, 56]
const COLORS = ['#0b63ce', '#d1481f', '#2b8a3e', '#8f3fb0', '#b8860b']
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]

function x(recall: number): number {
  return MARGIN + recall * (WIDTH - 2 * MARGIN)
}

function y(precision: number): number {
  return HEIGHT - MARGIN - precision * (HEIGHT - 2 * MARGIN)
}

function at(recall: number, precision: number): string {
  return `${x(recall).toFixed(1)},${y(precision).toFixed(1)}`
}

/** Precision over recall as an SVG document, one line per tool. */
export function curveSvg(title: string, curves: readonly Curve[]): string {
  const lines = curves.map(({ points }, n) => {
    const steps = [at(0, 1), ...points.map(({ recall, precision }) => at(recall, precision))]
    return `<polyline points="${steps.join(' ')}" fill="none" stroke="${colorOf(n)}" stroke-width="2"/>`
  })
  const names = curves.map(({ name }, n) => {
    const line = y(0) - 14 - 18 * (curves.length - 1 - n)
    return label(escaped(name), x(0) + 12, line, `fill="${colorOf(n)}" font-weight="bold"`)
  })
  const middle = 'text-anchor="middle"'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    label(escaped(title), WIDTH / 2, 28, `${middle} font-weight="bold"`),
    ...TICKS.flatMap(tick),
    label('recall', WIDTH / 2, HEIGHT - 14, middle),
    label('precision', 18, HEIGHT / 2, `${middle} transform="rotate(-90 18 ${HEIGHT / 2})"`),
    ...lines,
    ...names,
    '</svg>\n',
  ].join('\n')
}

function tick(value: number): string[] {
  const grid = 'stroke="#ddd" stroke-width="1"'
  return [
    `<line x1="${x(0)}" y1="${y(value)}" x2="${x(1)}" y2="${y(value)}" ${grid}/>`,
    `<line x1="${x(value)}" y1="${y(0)}" x2="${x(value)}" y2="${y(1)}" ${grid}/>`,
    label(String(value), x(0) - 8, y(value) + 4, 'text-anchor="end"'),
    label(String(value), x(value), y(0) + 18, 'text-anchor="middle"'),
  ]
}

function label(text: string, left: number, top: number, more: string): string {
  return `<text x="${left}" y="${top}" ${more}>${text}</text>`
}

function colorOf(n: number): string {
  return COLORS[n % COLORS.length] ?? 'black'
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
