import type { TrackRun } from './segment.ts'
import { gapMs, type Lengths, onOneLine, united } from './track-line.ts'

/** Lines of pieces of one passage differ by no more than this: a little over one step between samples. */
const SAME_LINE_MS = 300

/**
 * Runs that are pieces of one passage, as one: they lie on one line with no more than `withinMs` between them. A scene
 * change parts a passage where each side was found in another way of laying the picture.
 */
export function uniteRuns(
  runs: readonly TrackRun[],
  { withinMs, lengths }: { readonly withinMs: number; readonly lengths: Lengths },
): TrackRun[] {
  const whole: TrackRun[] = []
  for (const run of [...runs].sort((a, b) => b.evidence - a.evidence)) {
    let grown = run
    for (;;) {
      const at = whole.findIndex(
        (other) => gapMs(other, grown) <= withinMs && onOneLine(other, grown, SAME_LINE_MS),
      )
      if (at < 0) break
      const [other] = whole.splice(at, 1) as [TrackRun]
      grown = other.evidence >= grown.evidence ? united(other, grown, lengths) : united(grown, other, lengths)
    }
    whole.push(grown)
  }
  return whole
}
