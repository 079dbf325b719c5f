import { type Crop, cropRect } from './crops.ts'
import { isSameRectWithin, type Rect } from './rect.ts'

/** Number of panels from which windows are derived, clearest first. */
const MAX_DIVIDED = 4
/** Common shapes of pictures, width over height. */
const SHAPES = [16 / 9, 4 / 3]
/** A shape this close to that of the panel, as a ratio, fills it. */
const SAME_SHAPE = 1.06
/**
 * The middle of a panel that shows more of the width than a stored strip. Strips of 0.316 and 0.63 of the width are
 * stored, and these are the middle of what a panel of 8:9, half of a wide frame, shows of a picture of 16:9 (0.5), and
 * of what a panel of 4:3 shows (0.75).
 */
const NARROWER: readonly Crop[] = [
  { left: 0.184, top: 0, right: 0.816, bottom: 1 },
  { left: 0.08, top: 0, right: 0.92, bottom: 1 },
]

/**
 * Returns windows inside the clearest panels: pictures of common shape that were fitted into the panel, whose borders
 * cannot be seen if they are as dark as the bars, and the middle of pictures that fill it. `aspect` is the shape of the
 * frame as displayed, width over height.
 */
export function panelWindows(panels: readonly Rect[], aspect: number): Rect[] {
  const windows: Rect[] = []
  for (const panel of panels.slice(0, MAX_DIVIDED)) {
    const crops = [...SHAPES.flatMap((shape) => fitted(shape, shapeOf(panel, aspect))), ...NARROWER]
    for (const crop of crops) {
      const window = cropRect(crop, panel)
      if (![...panels, ...windows].some((other) => isSameRectWithin(other, window, 3))) windows.push(window)
    }
  }
  return windows
}

function shapeOf({ left, top, right, bottom }: Rect, aspect: number): number {
  return (aspect * (right - left)) / (bottom - top)
}

/** The part of a panel that a picture of a shape takes up if it is fitted into the middle. */
function fitted(shape: number, panel: number): Crop[] {
  const height = (1 - panel / shape) / 2
  const width = (1 - shape / panel) / 2
  if (panel < shape / SAME_SHAPE) return [{ left: 0, top: height, right: 1, bottom: 1 - height }]
  if (panel > shape * SAME_SHAPE) return [{ left: width, top: 0, right: 1 - width, bottom: 1 }]
  return []
}
