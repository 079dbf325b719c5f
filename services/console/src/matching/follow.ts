/** How the player that follows is kept in step. Times in seconds, rates as in `playbackRate`. */
export type Correction =
  | { readonly act: 'rate'; readonly rate: number }
  | { readonly act: 'seek'; readonly time: number }

/** Beyond this drift the follower is seeked: changing its rate would take seconds. */
const SEEK_SECONDS = 0.35
/** What a seek costs while playing: the follower is sent ahead by it. */
const SEEK_COST_SECONDS = 0.15
/** Most by which the follower's rate is changed. */
const MAX_CHANGE = 0.25
const CHANGE_PER_SECOND = 4

/**
 * What to do with a follower that is at `have` and should be at `want`. Within half a frame it keeps its rate; up to
 * 0.35 s its rate changes by at most a quarter; beyond that it seeks.
 */
export function correctionOf(
  { have, want }: { readonly have: number; readonly want: number },
  { rate, frame }: { readonly rate: number; readonly frame: number },
): Correction {
  const drift = have - want
  if (Math.abs(drift) > SEEK_SECONDS)
    return { act: 'seek', time: Math.max(0, want + SEEK_COST_SECONDS * rate) }
  if (Math.abs(drift) <= frame / 2) return { act: 'rate', rate }
  const change = Math.max(-MAX_CHANGE, Math.min(MAX_CHANGE, CHANGE_PER_SECOND * drift))
  return { act: 'rate', rate: rate * (1 - change) }
}

/**
 * The middle of the frame that is shown at `time`. A browser that is paused exactly between two frames may show the one
 * before.
 */
export function middleOfFrame(time: number, frame: number): number {
  return (Math.floor(time / frame + 1e-6) + 0.5) * frame
}

const RATES = [12, 15, 20, 24_000 / 1001, 24, 25, 30_000 / 1001, 30, 48, 50, 60_000 / 1001, 60]
const MOST_FRAMES = 40

/**
 * How long a frame lasts, by the times of frames that were shown one after the other; 1/25 s until known. Players skip
 * frames, so the shortest step that occurs more than once counts, rounded to a usual frame rate if one is near.
 */
export class FrameLength {
  #steps: number[] = []
  #last: number | null = null

  see(mediaTime: number): void {
    const step = this.#last === null ? 0 : mediaTime - this.#last
    this.#last = mediaTime
    if (step <= 0.005 || step > 0.25) return
    this.#steps.push(step)
    if (this.#steps.length > MOST_FRAMES) this.#steps.shift()
  }

  get seconds(): number {
    const steps = this.#steps.toSorted((a, b) => a - b)
    const shortest = steps.find((step, index) => Math.abs((steps[index + 1] ?? 9) - step) < 0.002)
    if (shortest === undefined) return 1 / 25
    const distance = (rate: number) => Math.abs(1 / rate - shortest)
    const [usual = 25] = RATES.toSorted((a, b) => distance(a) - distance(b))
    return distance(usual) < 0.0006 ? 1 / usual : shortest
  }
}
