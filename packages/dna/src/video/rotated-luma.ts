import { LUMA_SIDE } from './dct.ts'
import type { Plane, Window } from './resample.ts'

/**
 * The 64x64 luma picture of a window turned by `degrees` about its middle, its size kept: one point in each cell of the
 * plane blurred over 3x3 pixels, which is a cell's size where the window is the whole plane. `aspect` is the width of
 * the whole plane's picture over its height, since a plane has lost it. What lies outside the plane repeats its edge.
 */
export function rotatedLuma(
  plane: Plane,
  window: Window,
  { degrees, aspect, output }: { degrees: number; aspect: number; output: Float32Array },
): Float32Array {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const middleX = (window.left + window.right) / 2
  const middleY = (window.top + window.bottom) / 2
  const stepX = (window.right - window.left) / LUMA_SIDE
  const stepY = (window.bottom - window.top) / LUMA_SIDE
  const sums = blurred(plane)
  for (let j = 0; j < LUMA_SIDE; j++) {
    const y = window.top + (j + 0.5) * stepY - middleY
    for (let i = 0; i < LUMA_SIDE; i++) {
      const x = (window.left + (i + 0.5) * stepX - middleX) * aspect
      const [column, row] = [middleX + (cos * x - sin * y) / aspect, middleY + sin * x + cos * y]
      output[j * LUMA_SIDE + i] = valueAt(sums, plane.side, [column, row]) / 9
    }
  }
  return output
}

/** Sums of 3x3 pixels around each. */
function blurred({ pixels, side }: Plane): Uint16Array {
  const inside = (at: number) => Math.min(Math.max(at, 0), side - 1)
  const around = [-1, 0, 1]
  return Uint16Array.from(pixels, (_, at) => {
    const [column, row] = [at % side, Math.trunc(at / side)]
    const sumOfRow = (line: number) =>
      around.reduce((sum, x) => sum + (pixels[inside(line) * side + inside(column + x)] as number), 0)
    return around.reduce((sum, y) => sum + sumOfRow(row + y), 0)
  })
}

/** The sums between four pixels; 0.5 is the middle of the first. */
function valueAt(sums: Uint16Array, side: number, [x, y]: readonly [number, number]): number {
  const column = Math.min(Math.max(x - 0.5, 0), side - 1.001)
  const row = Math.min(Math.max(y - 0.5, 0), side - 1.001)
  const [left, top] = [Math.trunc(column), Math.trunc(row)]
  const [shareX, shareY] = [column - left, row - top]
  const at = top * side + left
  const upper = (sums[at] as number) * (1 - shareX) + (sums[at + 1] as number) * shareX
  const lower = (sums[at + side] as number) * (1 - shareX) + (sums[at + side + 1] as number) * shareX
  return upper * (1 - shareY) + lower * shareY
}
