import { LUMA_SIDE } from '../src/hash/dct.ts'
import type { Plane, Rect } from '../src/picture/rect.ts'

/**
 * The 64x64 luma picture of a rectangle rotated by `degrees` about its centre, its size kept. It samples one point in
 * each cell of the plane after a 3x3 box blur, the size of a cell where the rectangle is the whole plane. `aspect` is
 * width over height of the picture as displayed, which a square plane has lost. Beyond the plane, its edge is repeated.
 * The oracle for wasm/frame.ts.
 */
export function rotatedLuma(
  plane: Plane,
  rect: Rect,
  { degrees, aspect, output }: { degrees: number; aspect: number; output: Float32Array },
): Float32Array {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const middleX = (rect.left + rect.right) / 2
  const middleY = (rect.top + rect.bottom) / 2
  const stepX = (rect.right - rect.left) / LUMA_SIDE
  const stepY = (rect.bottom - rect.top) / LUMA_SIDE
  const sums = blurred(plane)
  for (let j = 0; j < LUMA_SIDE; j++) {
    const y = rect.top + (j + 0.5) * stepY - middleY
    for (let i = 0; i < LUMA_SIDE; i++) {
      const x = (rect.left + (i + 0.5) * stepX - middleX) * aspect
      const [column, row] = [middleX + (cos * x - sin * y) / aspect, middleY + sin * x + cos * y]
      output[j * LUMA_SIDE + i] = valueAt(sums, plane.side, [column, row]) / 9
    }
  }
  return output
}

/** Sums of the 3x3 pixels around each pixel. */
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

/** Bilinear interpolation of the sums; 0.5 is the middle of the first pixel. */
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
