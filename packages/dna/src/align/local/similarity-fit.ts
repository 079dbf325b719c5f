/**
 * Points of the reference in the query, as they agree best: x' = a x - b y + left, y' = b x + a y + top. The tolerance grows
 * with the distance from the point (x, y) of the reference.
 */
export type Fit = {
  readonly a: number
  readonly b: number
  readonly left: number
  readonly top: number
  readonly x: number
  readonly y: number
}

/** Fewer points do not determine a fit. */
export const MIN_FITTED = 4
/** The largest rotation of a fit, as a tangent: 14 degrees. Descriptors tolerate no more. */
export const MAX_TURN = 0.25

/** A point of the reference, and where the query shows it. */
export type WeightedPoint = {
  readonly x: number
  readonly y: number
  readonly toX: number
  readonly toY: number
  readonly weight: number
}

/** The fit with the least squares, upright unless it may be turned, and the sum of the squares from the middle. */
export function leastSquares(
  points: readonly WeightedPoint[],
  { isTurned = true }: { readonly isTurned?: boolean } = {},
): Fit & { readonly spread: number } {
  let [weights, x, y, toX, toY] = [0, 0, 0, 0, 0]
  for (const one of points) {
    weights += one.weight
    x += one.weight * one.x
    y += one.weight * one.y
    toX += one.weight * one.toX
    toY += one.weight * one.toY
  }
  ;[x, y, toX, toY] = [x / weights, y / weights, toX / weights, toY / weights]
  let [along, across, spread] = [0, 0, 0]
  for (const one of points) {
    const [rx, ry, qx, qy] = [one.x - x, one.y - y, one.toX - toX, one.toY - toY]
    along += one.weight * (qx * rx + qy * ry)
    across += one.weight * (qy * rx - qx * ry)
    spread += one.weight * (rx * rx + ry * ry)
  }
  const a = spread > 0 ? along / spread : 1
  const b = spread > 0 && isTurned ? across / spread : 0
  return { a, b, left: toX - a * x + b * y, top: toY - b * x - a * y, x, y, spread }
}
