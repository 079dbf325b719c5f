import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Frame } from '../../matching/ribbons.ts'
import type { Side } from '../../matching/time-map.ts'
import type { Span } from '../../matching/zoom.ts'
import type { Viewer } from './viewer.ts'

type Bars = {
  readonly box: RefObject<HTMLElement | null>
  readonly frame: Frame
  /** Where the bands between both bars begin and end, in pixels. */
  readonly bands: { readonly top: number; readonly bottom: number }
}

type Point = { readonly x: number; readonly y: number }
/** Where the pointer is over a filmstrip. */
type Hovered = { readonly side: Side; readonly time: number; readonly x: number }
/** What a pressed pointer does: it drags one end of the playhead, or moves both bars. */
type Drag = { readonly side: Side } | 'pan'

const PAN_SHARE = 0.5
const ZOOM_IN = 0.8
const ZOOM_OUT = 1.25
/** Pixels before a press counts as dragging, so that clicks on ribbons still select. */
const DRAG_PIXELS = 4

/**
 * What pointers and keys do on the bars. Pressing a bar goes there; dragging between them moves both; the wheel moves one
 * bar, with Ctrl it zooms at the pointer; two fingers zoom. Keys: arrows 1 s (Shift 5 s), + and - zoom, Page keys move.
 */
export function useBarGestures(viewer: Viewer, { box, frame, bands }: Bars) {
  const { players } = viewer
  const drag = useRef<Drag | null>(null)
  const pressed = useRef<Point>({ x: 0, y: 0 })
  const pointers = useRef(new Map<number, Point>())
  const [hovered, setHovered] = useState<Hovered | null>(null)
  const at = (event: { readonly clientX: number; readonly clientY: number }): Point => {
    const bounds = box.current?.getBoundingClientRect()
    if (bounds === undefined) return { x: 0, y: 0 }
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top }
  }
  const barAt = (y: number): Side | null => (y < bands.top ? 'query' : y > bands.bottom ? 'reference' : null)
  const nearer = (y: number): Side => (y < (bands.top + bands.bottom) / 2 ? 'query' : 'reference')
  const timeIn = (span: Span, x: number) => span.start + (x / frame.width) * (span.end - span.start)
  const goTo = (side: Side, x: number) => {
    players.byHand.value = null
    if (side === 'query') players.seek(timeIn(frame.query, x))
    else players.seekReference(timeIn(frame.reference, x))
  }
  const zoom = (point: Point, factor: number) => {
    const side = nearer(point.y)
    viewer.zoomBar(side, { at: timeIn(frame[side], point.x), factor })
  }
  const onPointerDown = (event: PointerEvent) => {
    const point = at(event)
    pointers.current.set(event.pointerId, point)
    pressed.current = point
    const side = barAt(point.y)
    if (event.button !== 0 || pointers.current.size > 1) return
    drag.current = side === null ? 'pan' : { side }
    if (side === null) return
    box.current?.setPointerCapture(event.pointerId)
    goTo(side, point.x)
  }
  const pinch = (event: PointerEvent, point: Point) => {
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    const before = pointers.current.get(event.pointerId)
    if (other === undefined || before === undefined) return
    const [was, is] = [Math.abs(before.x - other.x), Math.abs(point.x - other.x)]
    if (was > 8 && is > 8) zoom({ x: (point.x + other.x) / 2, y: point.y }, was / is)
  }
  const onPointerMove = (event: PointerEvent) => {
    const point = at(event)
    if (pointers.current.size > 1) pinch(event, point)
    else if (drag.current === 'pan') {
      const isMoved = Math.abs(point.x - pressed.current.x) > DRAG_PIXELS
      const before = pointers.current.get(event.pointerId)
      if (!isMoved || before === undefined) return
      box.current?.setPointerCapture(event.pointerId)
      viewer.pan((before.x - point.x) / frame.width)
    } else if (drag.current !== null) goTo(drag.current.side, point.x)
    if (pointers.current.has(event.pointerId)) pointers.current.set(event.pointerId, point)
    const side = barAt(point.y)
    const isOver = side !== null && point.x >= 0 && point.x <= frame.width && event.pointerType === 'mouse'
    setHovered(isOver ? { side, x: point.x, time: timeIn(frame[side], point.x) } : null)
  }
  const onPointerUp = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId)
    drag.current = null
  }
  const onWheel = (event: WheelEvent) => {
    const point = at(event)
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
    if (event.ctrlKey) zoom(point, event.deltaY > 0 ? ZOOM_OUT : ZOOM_IN)
    else if (across !== 0) viewer.pan(across / frame.width, [nearer(point.y)])
    else return
    event.preventDefault()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const share = { PageUp: -PAN_SHARE, PageDown: PAN_SHARE }[event.key]
    const factor = { '+': ZOOM_IN, '=': ZOOM_IN, '-': ZOOM_OUT }[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step !== undefined) players.seek(players.time.value + step * (event.shiftKey ? 5 : 1))
    else if (share !== undefined) viewer.pan(share)
    else if (factor !== undefined) viewer.zoomBy(factor)
    else return
    event.preventDefault()
  }
  const handlers = {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: onPointerUp,
    onPointerLeave: () => setHovered(null),
    onWheel,
    onKeyDown,
  }
  return { handlers, hovered }
}
