import { LUMA_SIDE } from './dct.ts'

/** Side of the square grey picture that a decoder delivers, whatever the shape of the video's own. */
export const FRAME_SIDE = 192
export const FRAME_PIXELS = FRAME_SIDE * FRAME_SIDE

/** A rectangle of a plane in pixels, which may be cut: 0.5 is the middle of the first column or row. */
export type Window = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A square 8-bit grey plane, row-major. */
export type Plane = { readonly pixels: Uint8Array; readonly side: number }

const MAX_SIDE = 4096

/** Running sums of one row, so that any stretch of it costs two look-ups. */
const running = new Float64Array(MAX_SIDE + 2)

/** Where the 65 borders of 64 equal cells fall between `from` and `to`. */
function bordersOf(from: number, to: number): Float64Array {
  const borders = new Float64Array(LUMA_SIDE + 1)
  for (let cell = 0; cell <= LUMA_SIDE; cell++) borders[cell] = from + (cell * (to - from)) / LUMA_SIDE
  return borders
}

/** Sums of one row of the plane between neighbouring borders: 64 values into `output`. */
function sumRow(plane: Plane, row: number, borders: Float64Array, output: Float64Array): void {
  const { pixels, side } = plane
  const at = row * side
  for (let column = 0; column < side; column++) {
    running[column + 1] = (running[column] as number) + (pixels[at + column] as number)
  }
  running[side + 1] = running[side] as number
  let before = 0
  for (let cell = 0; cell <= LUMA_SIDE; cell++) {
    const border = borders[cell] as number
    const whole = Math.floor(border)
    const start = running[whole] as number
    const sum = start + ((running[whole + 1] as number) - start) * (border - whole)
    if (cell > 0) output[cell - 1] = sum - before
    before = sum
  }
}

const rowSums = new Float64Array(LUMA_SIDE)
const cellSums = new Float64Array(LUMA_SIDE * LUMA_SIDE)

/**
 * The 64x64 luma picture of a window of a plane: each value is the mean of the area under it, pixels cut by a border
 * counted in part. The whole of a 192x192 plane becomes means of 3x3 pixels.
 * @example pdqHash(lumaOfWindow({ pixels: gray192, side: 192 }, { left: 0, top: 24, right: 192, bottom: 168 }))
 */
export function lumaOfWindow(
  plane: Plane,
  window: Window,
  output = new Float32Array(LUMA_SIDE * LUMA_SIDE),
): Float32Array {
  assertWindow(plane, window)
  if (plane.side === FRAME_SIDE && coversAll(plane, window)) return meansOf3x3(plane.pixels, output)
  const columns = bordersOf(window.left, window.right)
  const rows = bordersOf(window.top, window.bottom)
  cellSums.fill(0)
  let cell = 0
  for (let row = Math.floor(window.top); row < window.bottom; row++) {
    sumRow(plane, row, columns, rowSums)
    // A row may lie in two cells, or in several where the window has fewer than 64 rows.
    while (cell < LUMA_SIDE) {
      const top = Math.max(rows[cell] as number, row)
      const end = rows[cell + 1] as number
      const share = Math.min(end, row + 1) - top
      if (share > 0) addRow(cell, share)
      if (end > row + 1) break
      cell++
    }
  }
  const area = ((window.right - window.left) * (window.bottom - window.top)) / (LUMA_SIDE * LUMA_SIDE)
  for (let at = 0; at < cellSums.length; at++) output[at] = (cellSums[at] as number) / area
  return output
}

function addRow(cell: number, share: number): void {
  const at = cell * LUMA_SIDE
  for (let column = 0; column < LUMA_SIDE; column++) {
    cellSums[at + column] = (cellSums[at + column] as number) + share * (rowSums[column] as number)
  }
}

export function coversAll({ side }: Pick<Plane, 'side'>, { left, top, right, bottom }: Window): boolean {
  return left === 0 && top === 0 && right === side && bottom === side
}

/** The general way's result for the whole frame, five times faster: most videos have no bars. */
function meansOf3x3(pixels: Uint8Array, output: Float32Array): Float32Array {
  for (let row = 0, cell = 0; row < FRAME_SIDE; row += 3) {
    const end = (row + 1) * FRAME_SIDE
    for (let at = row * FRAME_SIDE; at < end; at += 3, cell++) {
      output[cell] =
        (sumOf3(pixels, at) + sumOf3(pixels, at + FRAME_SIDE) + sumOf3(pixels, at + 2 * FRAME_SIDE)) / 9
    }
  }
  return output
}

function sumOf3(pixels: Uint8Array, at: number): number {
  return (pixels[at] as number) + (pixels[at + 1] as number) + (pixels[at + 2] as number)
}

/** Throws a RangeError where the window is not inside the plane. */
export function assertWindow({ pixels, side }: Plane, { left, top, right, bottom }: Window): void {
  if (side < 1 || side > MAX_SIDE || pixels.length !== side * side) {
    throw new RangeError(`a plane of side ${side} has ${side * side} pixels, not ${pixels.length}`)
  }
  const inside = left >= 0 && top >= 0 && right <= side && bottom <= side && left < right && top < bottom
  if (!inside) {
    throw new RangeError(
      `the window ${left},${top} to ${right},${bottom} is not inside a plane of side ${side}`,
    )
  }
}
