import type { Stretch } from './time-map.ts'
import type { Span } from './zoom.ts'

/** A ribbon between the bars of two videos, in pixels. */
export type Ribbon = {
  /** Outline of the band. */
  readonly path: string
  /** Both ends: left edge and width. */
  readonly query: { readonly left: number; readonly width: number }
  readonly reference: { readonly left: number; readonly width: number }
  /** Centre of its number. */
  readonly label: { readonly x: number; readonly y: number }
}

export type Frame = {
  readonly width: number
  /** Where bands begin and end. */
  readonly top: number
  readonly bottom: number
  readonly query: Span
  readonly reference: Span
}

/** A passage of a second in two hours must still be seen and hit. */
const MIN_WIDTH = 2
const LABEL_AT = 0.4

/** Where a second is on a bar, in pixels; outside 0 to `width` if the bar does not show it. */
export function pixelOf(time: number, { start, end }: Span, width: number): number {
  return ((time - start) / (end - start || 1)) * width
}

/**
 * The ribbon of a passage, or null if neither end is in view. A faster copy tapers; a backwards passage twists: its band
 * crosses itself, as inversions do in plots of genomes.
 */
export function ribbonOf(stretch: Stretch, frame: Frame): Ribbon | null {
  const { width, top, bottom } = frame
  const query = edge([stretch.queryStart, stretch.queryEnd], frame.query, width)
  const reference = edge([stretch.refStart, stretch.refEnd], frame.reference, width)
  if (!isVisible(query, width) && !isVisible(reference, width)) return null
  const [a, b] = [query.left, query.left + query.width]
  const plain = [reference.left, reference.left + reference.width] as const
  const [c, d] = stretch.reversed ? [plain[1], plain[0]] : plain
  const middle = (top + bottom) / 2
  const curve = (from: number, to: number, down: boolean) => {
    const end = down ? bottom : top
    return `C${px(from)} ${px(middle)} ${px(to)} ${px(middle)} ${px(to)} ${px(end)}`
  }
  return {
    path: `M${px(a)} ${px(top)}L${px(b)} ${px(top)}${curve(b, d, true)}L${px(c)} ${px(bottom)}${curve(c, a, false)}Z`,
    query,
    reference,
    label: labelOf((a + b) / 2, (c + d) / 2, { top, bottom }),
  }
}

/** The path of the playhead through both bars, along the same curve as the bands. */
export function playheadPath(
  x: { readonly query: number; readonly reference: number },
  frame: Frame,
): string {
  const middle = (frame.top + frame.bottom) / 2
  return `M${px(x.query)} ${px(frame.top)}C${px(x.query)} ${px(middle)} ${px(x.reference)} ${px(middle)} ${px(x.reference)} ${px(frame.bottom)}`
}

/** The number of a passage: its centre, and how wide in pixels what it names is. */
export type Label = Ribbon['label'] & { readonly width: number }

/** Which labels may be shown: those of what is wide enough that do not overlap one shown before. */
export function shownLabels(labels: readonly (Label | null)[], preferred: number, size = 22): Set<number> {
  const shown = new Set<number>()
  const order = labels
    .map((_, index) => index)
    .toSorted((a, b) => Number(b === preferred) - Number(a === preferred))
  for (const index of order) {
    const own = labels[index]
    if (!own || (index !== preferred && own.width < size)) continue
    const collides = [...shown].some((other) => {
      const label = labels[other]
      return label && Math.abs(label.x - own.x) < size + 2 && Math.abs(label.y - own.y) < size
    })
    if (!collides) shown.add(index)
  }
  return shown
}

function edge([start, end]: readonly [number, number], span: Span, width: number) {
  const from = pixelOf(start, span, width)
  const wide = pixelOf(end, span, width) - from
  return wide >= MIN_WIDTH
    ? { left: from, width: wide }
    : { left: from + wide / 2 - MIN_WIDTH / 2, width: MIN_WIDTH }
}

function isVisible({ left, width }: { readonly left: number; readonly width: number }, all: number): boolean {
  return left + width > 0 && left < all
}

/** A point on the middle line of the band, somewhat above its middle, where fewer bands cross. */
function labelOf(
  from: number,
  to: number,
  { top, bottom }: { readonly top: number; readonly bottom: number },
) {
  const t = LABEL_AT
  const middle = (top + bottom) / 2
  const bezier = (p0: number, p1: number, p2: number, p3: number) =>
    (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t ** 2 * p2 + t ** 3 * p3
  return { x: bezier(from, from, to, to), y: bezier(top, middle, middle, bottom) }
}

function px(value: number): string {
  return value.toFixed(1)
}
