/** A part of a picture, in fractions of its width and height. */
type Box = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

type Size = { readonly width: number; readonly height: number }

/** How a picture is changed to look like the other side. Null `box`: all of it. */
export type Straightening = {
  readonly box: Box | null
  readonly mirrored: boolean
  /** Degrees by which the copy was rotated clockwise, after mirroring. */
  readonly turn: 0 | 90 | 180 | 270
}

export const asItIs: Straightening = { box: null, mirrored: false, turn: 0 }

/** CSS of a picture that starts at the top left of its pane: its size, and what transforms it. */
export type Layout = {
  readonly width: number
  readonly height: number
  readonly transform: string
  /** Hides what is outside the box. */
  readonly clipPath: string
}

/**
 * Lays out a picture in a pane. The box is cut out, the rotation undone, then the mirroring: the reverse order of what was
 * done to the copy. `stretch` fills the pane, for modes that lay one picture over the other; otherwise the picture keeps
 * its shape.
 */
export function layoutOf(
  { box, mirrored, turn }: Straightening,
  { picture, pane, stretch }: { readonly picture: Size; readonly pane: Size; readonly stretch: boolean },
): Layout {
  const { left, top, right, bottom } = box ?? { left: 0, top: 0, right: 1, bottom: 1 }
  const shown = { width: picture.width * (right - left), height: picture.height * (bottom - top) }
  const isSideways = turn === 90 || turn === 270
  const [wide, high] = isSideways ? [shown.height, shown.width] : [shown.width, shown.height]
  let across = pane.width / wide
  let down = pane.height / high
  if (!stretch) across = down = Math.min(across, down)
  // Before the rotation, "across" of the pane is "down" of a picture that was rotated.
  const [scaleX, scaleY] = isSideways ? [down, across] : [across, down]
  const width = picture.width * scaleX
  const height = picture.height * scaleY
  const moves = [
    `translate(${px(pane.width / 2)}, ${px(pane.height / 2)})`,
    ...(mirrored ? ['scaleX(-1)'] : []),
    ...(turn === 0 ? [] : [`rotate(${-turn}deg)`]),
    `translate(${px((-width * (left + right)) / 2)}, ${px((-height * (top + bottom)) / 2)})`,
  ]
  const percent = (fraction: number) => `${(100 * fraction).toFixed(3)}%`
  return {
    width,
    height,
    transform: moves.join(' '),
    clipPath:
      box === null
        ? 'none'
        : `inset(${percent(top)} ${percent(1 - right)} ${percent(1 - bottom)} ${percent(left)})`,
  }
}

/** The largest size of the same shape as `picture` that fits into `pane`. */
export function contain(picture: Size, pane: Size): Size {
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height)
  return { width: picture.width * scale, height: picture.height * scale }
}

function px(value: number): string {
  return `${value.toFixed(2)}px`
}
