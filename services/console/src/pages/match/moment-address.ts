import type { Span } from '../../matching/zoom.ts'
import type { Viewer } from './viewer.ts'

export type Mode = 'side' | 'swipe' | 'overlay' | 'difference'
export const modes: readonly Mode[] = ['side', 'swipe', 'overlay', 'difference']

type Moment = { passage?: number; time?: number; mode?: Mode; span?: Span; refSpan?: Span }

/**
 * Reads `#p=1&t=14.96&m=difference&z=6.9-32.9,148.4-174.4`, where `z` is what the bars of the query and the reference
 * show. What is not understood is left out.
 */
export function readFragment(hash: string): Moment {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const moment: Moment = {}
  const passage = Number(fields.get('p') ?? Number.NaN)
  if (Number.isInteger(passage) && passage > 0) moment.passage = passage
  const time = Number(fields.get('t') ?? Number.NaN)
  if (Number.isFinite(time) && time >= 0) moment.time = time
  const mode = modes.find((one) => one === fields.get('m'))
  if (mode !== undefined) moment.mode = mode
  const [span, refSpan] = (fields.get('z') ?? '').split(',').map(readSpan)
  if (span) moment.span = span
  if (refSpan) moment.refSpan = refSpan
  return moment
}

function readSpan(text: string): Span | null {
  const [start = Number.NaN, end = Number.NaN] = text.split('-').map(Number)
  return start >= 0 && end > start ? { start, end } : null
}

function spanText({ start, end }: Span): string {
  return `${start.toFixed(1)}-${end.toFixed(1)}`
}

/** The fragment of the moment that is shown. */
export function fragmentOf(viewer: Viewer): string {
  const { players, querySpan, refSpan, mode, durations } = viewer
  const fields = [`p=${players.selected.value + 1}`, `t=${Number(players.time.value.toFixed(3))}`]
  if (mode.value !== 'side') fields.push(`m=${mode.value}`)
  const isZoomed = (span: Span, duration: number) => span.end - span.start < duration - 0.01
  if (isZoomed(querySpan.value, durations.query) || isZoomed(refSpan.value, durations.reference))
    fields.push(`z=${spanText(querySpan.value)},${spanText(refSpan.value)}`)
  return `#${fields.join('&')}`
}

/** The address follows what is shown while it stands still. Browsers limit how often the address may change. */
export function writeFragment(viewer: Viewer): void {
  if (viewer.players.isPlaying.value) return
  const fragment = fragmentOf(viewer)
  clearTimeout(pending)
  pending = setTimeout(() => {
    if (location.pathname === viewer.path) history.replaceState(history.state, '', fragment)
  }, 300)
}
let pending: ReturnType<typeof setTimeout> | undefined
