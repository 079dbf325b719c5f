/** A frame that is about to be shown: its second in the video, and when it is on the screen (as `performance.now`). */
export type ShownFrame = { readonly mediaTime: number; readonly shownAt: number }

const POLL_MS = 100

/** Calls `see` for each frame that a video shows. Browsers that do not tell of frames are asked every 100 ms. */
export function onFrames(video: HTMLVideoElement, see: (frame: ShownFrame) => void): () => void {
  if (!('requestVideoFrameCallback' in video)) {
    const element: HTMLVideoElement = video
    const timer = setInterval(
      () => see({ mediaTime: element.currentTime, shownAt: performance.now() }),
      POLL_MS,
    )
    return () => clearInterval(timer)
  }
  let isStopped = false
  const next: VideoFrameRequestCallback = (_, { mediaTime, expectedDisplayTime }) => {
    if (isStopped) return
    // Registered first: `see` may stop the watch.
    handle = video.requestVideoFrameCallback(next)
    see({ mediaTime, shownAt: expectedDisplayTime })
  }
  let handle = video.requestVideoFrameCallback(next)
  return () => {
    isStopped = true
    video.cancelVideoFrameCallback(handle)
  }
}

/** One `<video>` as the clock drives it: seeks one after the other, and knows which frame is on the screen. */
export class VideoSurface {
  readonly video: HTMLVideoElement
  readonly #stop: () => void
  #seen: ShownFrame | null = null
  #next: number | null = null
  #onEnd: () => void = () => undefined

  constructor(video: HTMLVideoElement) {
    this.video = video
    const seeked = () => {
      const next = this.#next
      this.#next = null
      if (next !== null) this.seek(next)
    }
    const ended = () => this.#onEnd()
    video.addEventListener('seeked', seeked)
    video.addEventListener('ended', ended)
    const stopFrames = onFrames(video, (frame) => {
      this.#seen = frame
    })
    this.#stop = () => {
      stopFrames()
      video.removeEventListener('seeked', seeked)
      video.removeEventListener('ended', ended)
    }
  }

  get isSeeking(): boolean {
    return this.video.seeking
  }

  get isPaused(): boolean {
    return this.video.paused
  }

  /** The second of the frame that was shown last. */
  get lastFrame(): number | null {
    return this.#seen?.mediaTime ?? null
  }

  /** Where the video will be when another one shows a frame. */
  timeAt(shownAt: number): number {
    const { video } = this
    if (video.paused || this.#seen === null) return video.currentTime
    return this.#seen.mediaTime + ((shownAt - this.#seen.shownAt) / 1000) * video.playbackRate
  }

  /** While a seek is under way only the last of the further ones counts: dragging asks for more than can be shown. */
  seek(time: number): void {
    if (this.video.seeking) {
      this.#next = time
      return
    }
    if (Math.abs(this.video.currentTime - time) > 1e-4) this.video.currentTime = time
  }

  setRate(rate: number): void {
    // Browsers reject rates outside this range.
    const within = Math.max(0.0625, Math.min(16, rate))
    if (Math.abs(this.video.playbackRate - within) > 1e-3) this.video.playbackRate = within
  }

  mute(isMuted: boolean): void {
    this.video.muted = isMuted
  }

  play(onEnd: () => void): void {
    this.#onEnd = onEnd
    // Rejected if it is paused before it starts, or the browser blocks sound: the clock sees it paused.
    this.video.play().catch(() => undefined)
  }

  pause(): void {
    if (!this.video.paused) this.video.pause()
  }

  close(): void {
    this.pause()
    this.#stop()
  }
}
