import type { SearchRow } from './measure-searches.ts'

const [WIDTH, HEIGHT, MARGIN] = [640, 400, 64]
const LINES = [
  { name: 'CPU of the search', color: '#0b63ce', of: (row: SearchRow) => row.searchCpuMs },
  { name: 'candidate lookup alone', color: '#d1481f', of: (row: SearchRow) => row.candidatesCpuMs },
] as const

/** CPU milliseconds per search over hours in the library, on logarithmic axes. */
export function costSvg(rows: readonly SearchRow[]): string {
  const hours = rangeOf(rows.map((row) => row.hours))
  const costs = rangeOf(rows.flatMap((row) => LINES.map(({ of }) => of(row))))
  const x = (value: number) => MARGIN + hours.share(value) * (WIDTH - 2 * MARGIN)
  const y = (value: number) => HEIGHT - MARGIN - costs.share(value) * (HEIGHT - 2 * MARGIN)
  const lines = LINES.map(({ color, of }) => {
    const points = rows.map((row) => `${x(row.hours).toFixed(1)},${y(of(row)).toFixed(1)}`)
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`
  })
  const names = LINES.map(({ name, color }, n) => text(name, MARGIN + 8, MARGIN + 16 * n, `fill="${color}"`))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    '<title>CPU milliseconds per search, by hours in the library</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text('CPU milliseconds per search, by hours in the library', WIDTH / 2, 28, 'text-anchor="middle"'),
    ...hours.powers.map((value) =>
      text(String(value), x(value), HEIGHT - MARGIN + 20, 'text-anchor="middle"'),
    ),
    ...costs.powers.map((value) => text(String(value), MARGIN - 8, y(value) + 4, 'text-anchor="end"')),
    ...costs.powers.map(
      (value) =>
        `<line x1="${MARGIN}" y1="${y(value)}" x2="${WIDTH - MARGIN}" y2="${y(value)}" stroke="#ddd"/>`,
    ),
    ...lines,
    ...names,
    '</svg>\n',
  ].join('\n')
}

/** The powers of ten around some values, and the position of a value between the outermost, 0..1. */
function rangeOf(values: readonly number[]): { powers: number[]; share: (value: number) => number } {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  const powers = Array.from({ length: high - low + 1 }, (_, n) => 10 ** (low + n))
  return { powers, share: (value) => (Math.log10(value) - low) / (high - low) }
}

function text(words: string, left: number, top: number, more: string): string {
  return `<text x="${left}" y="${top}" ${more}>${words}</text>`
}
