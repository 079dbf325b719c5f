import type { Dots } from './evidence.ts'
import { decodeLevels, encodeLevels, resample } from './levels.ts'

/** The query seconds and the number of columns that a view of the dots shows. */
export type DotsRange = {
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly columns?: number | undefined
}

/** The dots of part of the query, with at most `columns` columns. The range is widened to whole columns. */
export function cropDots(dots: Dots, { from, to, columns = dots.columns }: DotsRange): Dots {
  const width = (dots.queryEnd - dots.queryStart) / dots.columns
  const columnAt = (second: number) => (second - dots.queryStart) / width
  const fromColumn = from === undefined ? 0 : clamp(Math.floor(columnAt(from)), 0, dots.columns - 1)
  const toColumn =
    to === undefined ? dots.columns : clamp(Math.ceil(columnAt(to)), fromColumn + 1, dots.columns)
  const size = { columns: Math.min(columns, toColumn - fromColumn), rows: dots.rows }
  const cropped = (text: string) =>
    encodeLevels(resample(decodeLevels(text, dots), { fromColumn, toColumn, ...size }))
  return {
    ...dots,
    columns: size.columns,
    queryStart: dots.queryStart + fromColumn * width,
    queryEnd: dots.queryStart + toColumn * width,
    picture: cropped(dots.picture),
    sound: dots.sound === null ? null : cropped(dots.sound),
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
