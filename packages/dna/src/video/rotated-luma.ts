import { LUMA_SIDE } from './dct.ts'
import type { Plane, Window } from './resample.ts'

/** Points taken in each cell of the luma picture, each way. */
const POINTS = 2

/**
 * The 64x64 luma picture of a window turned by `degrees` about its middle, its size kept. `aspect` is the width of the
 * whole plane's picture over its height, since a plane has lost it. What lies outside the plane repeats its edge.
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
  const stepX = (window.right - window.left) / (LUMA_SIDE * POINTS)
  const stepY = (window.bottom - window.top) / (LUMA_SIDE * POINTS)
  output.fill(0)
  for (let j = 0; j < LUMA_SIDE * POINTS; j++) {
    const y = window.top + (j + 0.5) * stepY - middleY
    const row = Math.trunc(j / POINTS) * LUMA_SIDE
    for (let i = 0; i < LUMA_SIDE * POINTS; i++) {
      const x = (window.left + (i + 0.5) * stepX - middleX) * aspect
      const cell = row + Math.trunc(i / POINTS)
      const value = valueAt(plane, middleX + (cos * x - sin * y) / aspect, middleY + sin * x + cos * y)
      output[cell] = (output[cell] as number) + value / (POINTS * POINTS)
    }
  }
  return output
}

/** The plane between four pixels; 0.5 is the middle of the first. */
function valueAt({ pixels, side }: Plane, x: number, y: number): number {
  const column = Math.min(Math.max(x - 0.5, 0), side - 1.001)
  const row = Math.min(Math.max(y - 0.5, 0), side - 1.001)
  const [left, top] = [Math.trunc(column), Math.trunc(row)]
  const [shareX, shareY] = [column - left, row - top]
  const at = top * side + left
  const upper = (pixels[at] as number) * (1 - shareX) + (pixels[at + 1] as number) * shareX
  const lower = (pixels[at + side] as number) * (1 - shareX) + (pixels[at + side + 1] as number) * shareX
  return upper * (1 - shareY) + lower * shareY
}
