import { batch, computed, type Signal, signal } from '@preact/signals'
import { correctionOf, FrameLength, middleOfFrame } from './follow.ts'
import type { Passage } from './match.ts'
import { type Line, lineOf, passageAt, queryTimeAt, refTimeAt, type Side } from './time-map.ts'
import { onFrames, VideoSurface } from './video-surface.ts'
import type { Span } from './zoom.ts'

/** What a side shows: a video that plays, or stills, which step four times a second. */
export type Shown = 'video' | 'stills'

/** Between two stills, and between two steps of a passage that plays backwards. In milliseconds. */
const STEP_MS = 250

/**
 * Two players with one clock. One leads: the side that is heard, if it can play. The other is held at the time that the
 * passage pairs with the leader's, and is silent, so its corrections are not heard. Times are in seconds.
 */
export class Players {
  /** The second of the query. */
  readonly time = signal(0)
  /** The second of the reference; null where no passage pairs one with the query's. */
  readonly refTime: Signal<number | null> = signal(null)
  readonly isPlaying = signal(false)
  readonly heard = signal<Side | 'off'>('query')
  readonly rate = signal(1)
  /** What is repeated, in seconds of the query. */
  readonly loop = signal<Span | null>(null)
  /** The selected passage, which counts where several explain the same second. */
  readonly selected = signal(0)
  /** Two seconds that were paired by hand, at the speed of the original. */
  readonly byHand = signal<Line | null>(null)
  /** By how many frames the reference was shifted by hand. */
  readonly nudge = signal(0)
  readonly shown = signal<Readonly<Record<Side, Shown>>>({ query: 'video', reference: 'video' })

  readonly #lines = signal<readonly Line[]>([])
  readonly #passages = signal<readonly Passage[]>([])
  readonly #surfaces: Record<Side, VideoSurface | null> = { query: null, reference: null }
  readonly #frames = new FrameLength()
  #durations: Readonly<Record<Side, number>> = { query: 0, reference: 0 }
  #stopFrames: () => void = () => undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #steppedAt = 0

  /** How long a frame of the leader lasts, as far as known. */
  get frame(): number {
    return this.#frames.seconds
  }

  /** The passage that explains the moment, or -1. */
  readonly current = computed(() =>
    this.byHand.value === null
      ? passageAt(this.#passages.value, {
          side: 'query',
          time: this.time.value,
          preferred: this.selected.value,
        })
      : -1,
  )

  /** What to play. The lines of the evidence, if there is any, are finer than those of the passages. */
  load(passages: readonly Passage[], lines: readonly (Line | null)[], durations: Record<Side, number>): void {
    this.#durations = durations
    batch(() => {
      this.#passages.value = passages
      this.#lines.value = passages.map((passage, index) => lines[index] ?? lineOf(passage))
    })
    this.#show(this.time.value)
  }

  attach(side: Side, video: HTMLVideoElement | null): void {
    this.#surfaces[side]?.close()
    this.#surfaces[side] = video === null ? null : new VideoSurface(video)
    if (video !== null) this.seek(this.time.peek())
  }

  /** The line that pairs a second of the query, shifted as by hand. Null where nothing is shared. */
  lineAt(time: number): Line | null {
    const line = this.byHand.value ?? this.#lines.value[this.#passageAt('query', time)]
    return line === undefined ? null : this.#shifted(line)
  }

  /** Goes to a second of the query; playing goes on. */
  seek(time: number): void {
    const within = Math.max(0, Math.min(this.#durations.query, time))
    this.#show(within)
    this.#surface('query')?.seek(within)
    const ref = this.refTime.value
    if (ref !== null) this.#surface('reference')?.seek(ref)
  }

  /** Goes to the second of the query that the selected passage, or another, pairs with one of the reference. */
  seekReference(time: number): void {
    const line = this.byHand.value ?? this.#lines.value[this.#passageAt('reference', time)]
    if (line !== undefined) this.seek(queryTimeAt(this.#shifted(line), time))
  }

  /** Pairs two seconds though no passage does. */
  pairByHand(query: number, reference: number): void {
    this.byHand.value = { queryAt: query, refAt: reference, rate: 1 }
    this.seek(query)
  }

  select(index: number): void {
    batch(() => {
      this.selected.value = index
      this.byHand.value = null
      this.nudge.value = 0
    })
  }

  /** Goes on by frames of the leader, paused. */
  step(frames: number): void {
    this.pause()
    this.seek(middleOfFrame(this.time.value, this.frame) + frames * this.frame)
  }

  shift(frames: number): void {
    this.nudge.value += frames
    this.seek(this.time.value)
  }

  setRate(rate: number): void {
    this.rate.value = rate
    if (this.isPlaying.value) this.#start()
  }

  setHeard(heard: Side | 'off'): void {
    this.heard.value = heard
    if (this.isPlaying.value) this.#start()
    else this.#mute()
  }

  /** A side cannot be played, or can be again. */
  setShown(side: Side, shown: Shown): void {
    this.shown.value = { ...this.shown.value, [side]: shown }
    if (this.isPlaying.value) this.#start()
  }

  toggle(): void {
    if (this.isPlaying.value) this.pause()
    else this.play()
  }

  play(): void {
    const range = this.loop.value
    const outside =
      range !== null && (this.time.value >= range.end - this.frame || this.time.value < range.start)
    if (outside && range !== null) this.seek(range.start)
    else if (this.time.value >= this.#durations.query - this.frame) this.seek(0)
    this.isPlaying.value = true
    this.#start()
  }

  /** Stops both, settled on the frames that belong together. */
  pause(): void {
    if (!this.isPlaying.value) return
    this.isPlaying.value = false
    this.#stop()
    const leading = this.#surface('query')
    const shown = leading?.lastFrame ?? this.time.value
    // The last frame seen is the one on the screen, unless a seek is under way.
    const near = Math.abs(shown - this.time.value) < 2 * this.frame ? shown : this.time.value
    this.seek(middleOfFrame(near, this.frame))
  }

  close(): void {
    this.isPlaying.value = false
    this.#stop()
    this.attach('query', null)
    this.attach('reference', null)
  }

  #surface(side: Side): VideoSurface | null {
    return this.shown.peek()[side] === 'video' ? this.#surfaces[side] : null
  }

  #passageAt(side: Side, time: number): number {
    return passageAt(this.#passages.value, { side, time, preferred: this.selected.value })
  }

  #shifted(line: Line): Line {
    return this.nudge.value === 0 ? line : { ...line, refAt: line.refAt + this.nudge.value * this.frame }
  }

  /** Sets what both sides should show at a second of the query. */
  #show(time: number): Line | null {
    const line = this.lineAt(time)
    const ref = line === null ? null : refTimeAt(line, time)
    const inside = ref !== null && ref >= -0.5 && ref <= this.#durations.reference + 0.5
    batch(() => {
      this.time.value = time
      this.refTime.value = inside ? Math.max(0, Math.min(this.#durations.reference, ref)) : null
    })
    return inside ? line : null
  }

  #leader(): Side | null {
    const line = this.lineAt(this.time.value)
    const canLead = this.#surface('reference') !== null && line !== null && line.rate > 0
    if (this.heard.value === 'reference' && canLead) return 'reference'
    if (this.#surface('query') !== null) return 'query'
    return canLead ? 'reference' : null
  }

  #stop(): void {
    this.#stopFrames()
    clearInterval(this.#timer)
    for (const side of ['query', 'reference'] as const) this.#surfaces[side]?.pause()
  }

  #mute(): void {
    for (const side of ['query', 'reference'] as const) this.#surfaces[side]?.mute(this.heard.value !== side)
  }

  #start(): void {
    this.#stop()
    this.#mute()
    const side = this.#leader()
    const leader = side === null ? null : this.#surface(side)
    if (side === null || leader === null) {
      this.#timer = setInterval(() => this.#tickWithoutVideo(), STEP_MS)
      return
    }
    leader.setRate(this.rate.value)
    leader.play(() => this.pause())
    const stop = onFrames(leader.video, (frame) => this.#tick(side, frame))
    this.#stopFrames = stop
  }

  #tickWithoutVideo(): void {
    const next = this.time.value + (this.rate.value * STEP_MS) / 1000
    if (next >= this.#durations.query) this.pause()
    else this.#repeatOr(next, () => this.#show(next))
  }

  #tick(side: Side, frame: { readonly mediaTime: number; readonly shownAt: number }): void {
    this.#frames.see(frame.mediaTime)
    if (this.#surfaces[side]?.isSeeking) return
    if (side === 'query') {
      this.#repeatOr(frame.mediaTime, () => {
        const line = this.#show(frame.mediaTime)
        this.#follow('reference', frame.shownAt, line)
      })
      return
    }
    const line = this.lineAt(this.time.value)
    const time = line === null ? null : queryTimeAt(line, frame.mediaTime)
    if (line === null || time === null || this.lineAt(time) === null) {
      // The reference has left what is shared: the query leads from here.
      this.#start()
      return
    }
    this.#repeatOr(time, () => {
      this.#show(time)
      this.#follow('query', frame.shownAt, line)
    })
  }

  #repeatOr(time: number, goOn: () => void): void {
    const range = this.loop.value
    if (range !== null && time >= range.end - this.frame / 2) this.seek(range.start)
    else goOn()
  }

  #follow(side: Side, shownAt: number, line: Line | null): void {
    const follower = this.#surface(side)
    if (follower === null) return
    const want = side === 'query' ? this.time.value : this.refTime.value
    if (line === null || want === null) {
      follower.pause()
      return
    }
    if (line.rate < 0) {
      follower.pause()
      if (shownAt - this.#steppedAt < STEP_MS) return
      this.#steppedAt = shownAt
      follower.seek(want)
      return
    }
    const rate = this.rate.value * (side === 'query' ? 1 / line.rate : line.rate)
    if (follower.isSeeking) return
    if (follower.isPaused) {
      follower.setRate(rate)
      if (Math.abs(follower.timeAt(shownAt) - want) > this.frame) follower.seek(want)
      follower.play(() => undefined)
      return
    }
    const act = correctionOf({ have: follower.timeAt(shownAt), want }, { rate, frame: this.frame })
    if (act.act === 'seek') follower.seek(act.time)
    else follower.setRate(act.rate)
  }
}
