/** Side, in pixels, of the square grey frames that the decoder delivers for a video of any shape. */
export const FRAME_SIDE = 192
/** Number of pixels of such a frame: 36,864. */
export const FRAME_PIXELS = FRAME_SIDE * FRAME_SIDE

/** A rectangle of a plane in pixels, fractions allowed: 0.5 is the middle of the first column or row. */
export type Rect = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The whole frame. */
export const WHOLE_FRAME: Rect = { left: 0, top: 0, right: FRAME_SIDE, bottom: FRAME_SIDE }

/** A square 8-bit grey plane, row-major. */
export type Plane = { readonly pixels: Uint8Array; readonly side: number }

export function isWholePlane({ side }: Pick<Plane, 'side'>, { left, top, right, bottom }: Rect): boolean {
  return left === 0 && top === 0 && right === side && bottom === side
}

export function isSameRect(a: Rect, b: Rect): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom
}

/** Whether no side of two rectangles differs by more than a distance in their unit. */
export function isSameRectWithin(a: Rect, b: Rect, distance: number): boolean {
  const sides = [a.left - b.left, a.top - b.top, a.right - b.right, a.bottom - b.bottom]
  return sides.every((gap) => Math.abs(gap) <= distance)
}

/** Area of a rectangle in square pixels. */
export function areaOf({ left, top, right, bottom }: Rect): number {
  return (right - left) * (bottom - top)
}

/** Throws a RangeError if the rectangle extends beyond the plane or is empty. */
export function assertRect({ pixels, side }: Plane, { left, top, right, bottom }: Rect): void {
  if (side < 1 || pixels.length !== side * side) {
    throw new RangeError(`A plane of side ${side} has ${side * side} pixels, not ${pixels.length}.`)
  }
  const inside = left >= 0 && top >= 0 && right <= side && bottom <= side && left < right && top < bottom
  if (!inside) {
    throw new RangeError(
      `The rectangle ${left},${top} to ${right},${bottom} is not inside a plane of side ${side}.`,
    )
  }
}

/** A rectangle of the frame as shares of its width and height. */
export function sharesOf({ left, top, right, bottom }: Rect): Rect {
  const share = (pixels: number) => pixels / FRAME_SIDE
  return { left: share(left), top: share(top), right: share(right), bottom: share(bottom) }
}
