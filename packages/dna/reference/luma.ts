import { LUMA_SIDE } from '../src/hash/dct.ts'
import { assertRect, FRAME_SIDE, isWholePlane, type Plane, type Rect } from '../src/picture/rect.ts'

/** Positions of the 65 borders of 64 equal cells between `from` and `to`. */
function bordersOf(from: number, to: number): Float64Array {
  const borders = new Float64Array(LUMA_SIDE + 1)
  for (let cell = 0; cell <= LUMA_SIDE; cell++) borders[cell] = from + (cell * (to - from)) / LUMA_SIDE
  return borders
}

/** Sums of one row of the plane between neighbouring borders: 64 values. */
function sumRow({ pixels, side }: Plane, row: number, borders: Float64Array): Float64Array {
  const running = new Float64Array(side + 2)
  for (let column = 0; column < side; column++) {
    running[column + 1] = (running[column] as number) + (pixels[row * side + column] as number)
  }
  running[side + 1] = running[side] as number
  const sumsUpTo = borders.map((border) => {
    const whole = Math.floor(border)
    const start = running[whole] as number
    return start + ((running[whole + 1] as number) - start) * (border - whole)
  })
  return Float64Array.from({ length: LUMA_SIDE }, (_, cell) => {
    return (sumsUpTo[cell + 1] as number) - (sumsUpTo[cell] as number)
  })
}

/**
 * The 64x64 luma picture of a rectangle of a plane: each value is the mean of the area under it, with pixels that a
 * border divides counted in part. A whole 192x192 plane becomes means of 3x3 pixels. The oracle for wasm/frame.ts.
 */
export function lumaOfRect(plane: Plane, rect: Rect): Float32Array {
  assertRect(plane, rect)
  if (plane.side === FRAME_SIDE && isWholePlane(plane, rect)) return meansOf3x3(plane.pixels)
  const columns = bordersOf(rect.left, rect.right)
  const rows = bordersOf(rect.top, rect.bottom)
  const cellSums = new Float64Array(LUMA_SIDE * LUMA_SIDE)
  let cell = 0
  for (let row = Math.floor(rect.top); row < rect.bottom; row++) {
    const rowSums = sumRow(plane, row, columns)
    // A row may belong to two cells, or to several where the rectangle has fewer than 64 rows.
    while (cell < LUMA_SIDE) {
      const top = Math.max(rows[cell] as number, row)
      const end = rows[cell + 1] as number
      const share = Math.min(end, row + 1) - top
      if (share > 0) {
        for (let column = 0; column < LUMA_SIDE; column++) {
          const at = cell * LUMA_SIDE + column
          cellSums[at] = (cellSums[at] as number) + share * (rowSums[column] as number)
        }
      }
      if (end > row + 1) break
      cell++
    }
  }
  const area = ((rect.right - rect.left) * (rect.bottom - rect.top)) / (LUMA_SIDE * LUMA_SIDE)
  return Float32Array.from(cellSums, (sum) => sum / area)
}

/** The exact result for the whole frame, which most videos need: they have no letterbox. */
function meansOf3x3(pixels: Uint8Array): Float32Array {
  const offsets = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => row * FRAME_SIDE + column))
  return Float32Array.from({ length: LUMA_SIDE * LUMA_SIDE }, (_, cell) => {
    const at = 3 * Math.trunc(cell / LUMA_SIDE) * FRAME_SIDE + 3 * (cell % LUMA_SIDE)
    return offsets.reduce((sum, offset) => sum + (pixels[at + offset] as number), 0) / 9
  })
}
