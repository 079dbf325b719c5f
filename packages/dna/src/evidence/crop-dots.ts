import type { Dots } from './evidence.ts'
import { decodeLevels, encodeLevels, resample } from './levels.ts'
import type { DotsWindow } from './zoom-dots.ts'

/** The seconds, and the most columns and rows, that a view of the dots shows. All of them if absent. */
export type DotsRange = { readonly [Key in keyof DotsWindow]?: DotsWindow[Key] | undefined }

/** The part of the dots within a range, which is widened to whole cells. */
export function cropDots(dots: Dots, { from, to, refFrom, refTo, ...size }: DotsRange): Dots {
  const across = cellsWithin({ start: dots.queryStart, end: dots.queryEnd, cells: dots.columns }, from, to)
  const down = cellsWithin({ start: dots.refStart, end: dots.refEnd, cells: dots.rows }, refFrom, refTo)
  const columns = Math.min(size.columns ?? dots.columns, across.to - across.from)
  const rows = Math.min(size.rows ?? dots.rows, down.to - down.from)
  const part = { fromColumn: across.from, toColumn: across.to, fromRow: down.from, toRow: down.to }
  const cropped = (text: string) =>
    encodeLevels(resample(decodeLevels(text, dots), { ...part, columns, rows }))
  return {
    ...{ columns, rows },
    queryStart: across.start,
    queryEnd: across.end,
    refStart: down.start,
    refEnd: down.end,
    picture: cropped(dots.picture),
    sound: dots.sound === null ? null : cropped(dots.sound),
  }
}

type Axis = { readonly start: number; readonly end: number; readonly cells: number }

/** The cells of an axis that a range touches, at least one, and their seconds. */
function cellsWithin({ start, end, cells }: Axis, first = start, last = end) {
  const width = (end - start) / cells
  const from = clamp(Math.floor((first - start) / width), 0, cells - 1)
  const to = clamp(Math.ceil((last - start) / width), from + 1, cells)
  return { from, to, start: start + from * width, end: start + to * width }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
