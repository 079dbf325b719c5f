import { batch, effect, signal } from '@preact/signals'
import type { Passage, ViewedPair } from '../../matching/match.ts'
import { Players } from '../../matching/players.ts'
import { loopOf } from '../../matching/time-map.ts'
import { around, type Span } from '../../matching/zoom.ts'

export type Mode = 'side' | 'swipe' | 'overlay' | 'difference'
export const modes: readonly Mode[] = ['side', 'swipe', 'overlay', 'difference']

/** What the viewer of one pair shows. Its parts read and set it. */
export class Viewer {
  readonly match: ViewedPair
  /** The address of the page, whose fragment follows what is shown. */
  readonly path = location.pathname
  readonly players = new Players()
  readonly mode = signal<Mode>('side')
  readonly isStraight = signal(true)
  readonly isLooping = signal(true)
  /** Where the line of the swipe is, 0 to 1; upright, or lying. */
  readonly swipe = signal(0.5)
  readonly isLying = signal(false)
  readonly opacity = signal(0.5)
  readonly gain = signal(3)
  /** The reference alone, while a key is held. */
  readonly isPeeking = signal(false)
  readonly isSwapped = signal(false)
  /** Enlarges the pictures of all modes. */
  readonly enlarged = signal({ scale: 1, x: 0, y: 0 })
  readonly querySpan = signal<Span>({ start: 0, end: 1 })
  readonly refSpan = signal<Span>({ start: 0, end: 1 })
  readonly isSameScale = signal(false)
  readonly #stop: () => void

  constructor(match: ViewedPair) {
    this.match = match
    this.zoomOut()
    this.players.load(match.passages, [], this.durations)
    const wanted = readFragment(location.hash)
    const index = (wanted.passage ?? bestOf(match.passages) + 1) - 1
    this.select(match.passages[index] === undefined ? 0 : index)
    if (wanted.time !== undefined) this.players.seek(wanted.time)
    if (wanted.mode !== undefined) this.mode.value = wanted.mode
    if (wanted.span !== undefined) this.zoomTo(wanted.span)
    this.#stop = effect(() => writeFragment(this))
  }

  get durations(): { readonly query: number; readonly reference: number } {
    return { query: this.match.query.durationSeconds, reference: this.match.reference.durationSeconds }
  }

  get passage(): Passage | undefined {
    return this.match.passages[this.players.selected.value]
  }

  /** Selects a passage and goes to its start. */
  select(index: number): void {
    const passage = this.match.passages[index]
    if (passage === undefined) return
    batch(() => {
      this.players.select(index)
      this.players.loop.value = this.isLooping.value ? loopOf(passage, this.durations.query) : null
      this.players.seek(passage.queryStart)
    })
  }

  toggleLoop(): void {
    this.isLooping.value = !this.isLooping.value
    const passage = this.passage
    this.players.loop.value =
      this.isLooping.value && passage !== undefined ? loopOf(passage, this.durations.query) : null
  }

  /** One end of a range of one's own. */
  setRange(end: 'start' | 'end'): void {
    const now = this.players.time.value
    const range = this.players.loop.value ?? { start: 0, end: this.durations.query }
    const next = { ...range, [end]: now }
    if (next.end - next.start < 0.2) return
    batch(() => {
      this.isLooping.value = true
      this.players.loop.value = next
    })
  }

  zoomOut(): void {
    batch(() => {
      this.querySpan.value = { start: 0, end: this.durations.query }
      this.refSpan.value = { start: 0, end: this.durations.reference }
    })
  }

  /** Zooms both bars to a passage. */
  zoomToPassage(index = this.players.selected.value): void {
    const passage = this.match.passages[index]
    if (passage === undefined) return
    batch(() => {
      this.querySpan.value = around(
        { start: passage.queryStart, end: passage.queryEnd },
        this.durations.query,
      )
      this.refSpan.value = around({ start: passage.refStart, end: passage.refEnd }, this.durations.reference)
    })
  }

  /** Zooms to seconds of the query, and to what they are paired with in the reference. */
  zoomTo(span: Span): void {
    const line = this.players.lineAt((span.start + span.end) / 2)
    this.querySpan.value = span
    if (line === null) return
    const [a, b] = [span.start, span.end].map((time) => line.refAt + line.rate * (time - line.queryAt))
    if (a !== undefined && b !== undefined) {
      this.refSpan.value = around({ start: Math.min(a, b), end: Math.max(a, b) }, this.durations.reference)
    }
  }

  close(): void {
    this.#stop()
    this.players.close()
  }
}

/** The passage to look at first: the one with the highest score of those that count. */
function bestOf(passages: readonly Passage[]): number {
  let best = 0
  passages.forEach((passage, index) => {
    const other = passages[best]
    if (other === undefined || weightOf(passage) > weightOf(other)) best = index
  })
  return best
}

function weightOf({ score, weak, ignored }: Passage): number {
  return weak || ignored !== null ? score - 1 : score
}

type Moment = { passage?: number; time?: number; mode?: Mode; span?: Span }

/** Reads `#p=1&t=14.96&m=difference&z=6.9-32.9`. What is not understood is left out. */
function readFragment(hash: string): Moment {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const moment: Moment = {}
  const passage = Number(fields.get('p') ?? Number.NaN)
  if (Number.isInteger(passage) && passage > 0) moment.passage = passage
  const time = Number(fields.get('t') ?? Number.NaN)
  if (Number.isFinite(time) && time >= 0) moment.time = time
  const mode = modes.find((one) => one === fields.get('m'))
  if (mode !== undefined) moment.mode = mode
  const [start = Number.NaN, end = Number.NaN] = (fields.get('z') ?? '').split('-').map(Number)
  if (start >= 0 && end > start) moment.span = { start, end }
  return moment
}

/** The fragment of the moment that is shown. */
export function fragmentOf(viewer: Viewer): string {
  const { players, querySpan, mode, durations } = viewer
  const fields = [`p=${players.selected.value + 1}`, `t=${Number(players.time.value.toFixed(3))}`]
  if (mode.value !== 'side') fields.push(`m=${mode.value}`)
  const { start, end } = querySpan.value
  if (end - start < durations.query - 0.01) fields.push(`z=${start.toFixed(1)}-${end.toFixed(1)}`)
  return `#${fields.join('&')}`
}

/** The address follows what is shown while it stands still. Browsers limit how often the address may change. */
function writeFragment(viewer: Viewer): void {
  if (viewer.players.isPlaying.value) return
  const fragment = fragmentOf(viewer)
  clearTimeout(pending)
  pending = setTimeout(() => {
    if (location.pathname === viewer.path) history.replaceState(history.state, '', fragment)
  }, 300)
}
let pending: ReturnType<typeof setTimeout> | undefined
