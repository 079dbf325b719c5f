import { batch, computed, effect, type Signal, signal } from '@preact/signals'
import { addressOf } from '../../api/client.ts'
import { canPlay } from '../../matching/can-play.ts'
import { type Evidence, type EvidencePassage, evidenceOf } from '../../matching/evidence.ts'
import { isReadable, type Passage, type ViewedPair } from '../../matching/match.ts'
import { Players } from '../../matching/players.ts'
import { loopOf, type Side } from '../../matching/time-map.ts'
import { around, fit, type Span, zoomAt } from '../../matching/zoom.ts'
import { type Mode, readFragment, writeFragment } from './moment-address.ts'

/** Why the pictures cannot be laid over each other. */
export type Obstacle = 'soundOnly' | 'cropUnknown' | 'stills' | 'nothing'

/** What the viewer of one pair shows. Its parts read and set it. */
export class Viewer {
  readonly match: ViewedPair
  /** The address of the page, whose fragment follows what is shown. */
  readonly path = location.pathname
  readonly players = new Players()
  /** The mode that was chosen; `shownMode` is side by side where the chosen one is not possible. */
  readonly mode = signal<Mode>('side')
  readonly shownMode = computed(() => (this.obstacleOf(this.mode.value) === null ? this.mode.value : 'side'))
  readonly evidence: Signal<Evidence | undefined> = signal(undefined)
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
  /** Where the player of a side reads an H.264 preview in place of its file. */
  readonly previews = signal<Readonly<Record<Side, string | null>>>({ query: null, reference: null })
  readonly #stop: () => void

  constructor(match: ViewedPair) {
    this.match = match
    for (const side of ['query', 'reference'] as const)
      if (!isReadable(match[side]) || !canPlay(match[side].codec)) this.players.setShown(side, 'stills')
    this.players.load(match.passages, [], this.durations)
    this.show(location.hash)
    this.#stop = effect(() => writeFragment(this))
  }

  /** Shows what the fragment of an address names; without one, the best passage as a whole. */
  show(fragment: string): void {
    const { passages } = this.match
    const wanted = readFragment(fragment)
    const index = (wanted.passage ?? bestOf(passages) + 1) - 1
    batch(() => {
      this.zoomOut()
      this.select(passages[index] === undefined ? 0 : index)
      if (wanted.time !== undefined) this.players.seek(wanted.time)
      this.mode.value = wanted.mode ?? 'side'
      if (wanted.span !== undefined) this.zoomTo(wanted.span)
      if (wanted.refSpan !== undefined) this.refSpan.value = fit(wanted.refSpan, this.durations.reference)
    })
  }

  get durations(): { readonly query: number; readonly reference: number } {
    return { query: this.match.query.durationSeconds, reference: this.match.reference.durationSeconds }
  }

  get passage(): Passage | undefined {
    return this.match.passages[this.players.selected.value]
  }

  /** The evidence of the selected passage. */
  get found(): EvidencePassage | undefined {
    const { passage } = this
    return passage === undefined ? undefined : evidenceOf(passage, this.evidence.value)
  }

  /** Why a mode is not possible for the selected passage; null if it is. */
  obstacleOf(mode: Mode): Obstacle | null {
    if (mode === 'side') return null
    const { passage } = this
    if (passage === undefined) return 'nothing'
    if (passage.kind === 'audio') return 'soundOnly'
    const isWhole = passage.queryBox === null && passage.refBox === null
    if (this.found?.picture?.method === 'keypoints' && isWhole) return 'cropUnknown'
    const { query, reference } = this.players.shown.value
    return mode === 'difference' && (query === 'stills' || reference === 'stills') ? 'stills' : null
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

  /** Zooms both bars around the playhead. Under 1, `factor` shows fewer seconds. */
  zoomBy(factor: number): void {
    const { time, refTime } = this.players
    const refMiddle = (this.refSpan.value.start + this.refSpan.value.end) / 2
    batch(() => {
      this.#zoomSide('query', { at: time.value, factor })
      this.#zoomSide('reference', { at: refTime.value ?? refMiddle, factor })
    })
  }

  /** Zooms one bar at a second of it. */
  zoomBar(side: Side, about: { readonly at: number; readonly factor: number }): void {
    this.#zoomSide(side, about)
  }

  #zoomSide(side: Side, about: { readonly at: number; readonly factor: number }): void {
    const span = this.#spanOf(side)
    span.value = zoomAt(span.value, { ...about, duration: this.durations[side] })
  }

  /** Moves bars by a share of what they show; 0.5 is half of it to the right. */
  pan(share: number, sides: readonly Side[] = ['query', 'reference']): void {
    batch(() => {
      for (const side of sides) {
        const span = this.#spanOf(side)
        const by = share * (span.value.end - span.value.start)
        const moved = { start: span.value.start + by, end: span.value.end + by }
        span.value = fit(moved, this.durations[side])
      }
    })
  }

  #spanOf(side: Side): Signal<Span> {
    return side === 'query' ? this.querySpan : this.refSpan
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
    this.querySpan.value = fit(span, this.durations.query)
    if (line === null) return
    const [a, b] = [span.start, span.end].map((time) => line.refAt + line.rate * (time - line.queryAt))
    if (a !== undefined && b !== undefined) {
      this.refSpan.value = around({ start: Math.min(a, b), end: Math.max(a, b) }, this.durations.reference)
    }
  }

  /** Plays a preview that is ready in place of the file of a side. */
  playPreview(side: Side, previewId: string): void {
    const address = addressOf('getPreviewVideo', { params: { previewId } })
    batch(() => {
      this.previews.value = { ...this.previews.value, [side]: address }
      this.players.setShown(side, 'video')
    })
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
