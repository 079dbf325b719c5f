import { useEffect, useState } from 'preact/hooks'
import type { Dots, DotsWindow, Evidence } from '../../matching/evidence.ts'
import type { Span } from '../../matching/zoom.ts'
import type { Viewer } from './viewer.ts'

/** Reads the dots of a window; null if there are no finer ones. */
export type ReadFiner = (window: DotsWindow) => Promise<Dots | null>

/** The zoom asks once it has been still for so long. */
const STILL_MS = 300
/** The server computes no longer windows. */
const LONGEST_SECONDS = 600

type Asked = {
  readonly viewer: Viewer
  readonly evidence: Evidence
  readonly readFiner: ReadFiner | undefined
}

/** The dots for what the viewer is zoomed to: finer ones once they are there, and those that cover it until then. */
export function useFinerDots({ viewer, evidence, readFiner }: Asked): Dots {
  const [finer, setFiner] = useState<Dots | null>(null)
  const { querySpan, refSpan, durations } = viewer
  const { start: from, end: to } = querySpan.value
  const { start: refFrom, end: refTo } = refSpan.value
  const isWhole = from <= 0 && to >= durations.query && refFrom <= 0 && refTo >= durations.reference
  const isShort = to - from <= LONGEST_SECONDS && refTo - refFrom <= LONGEST_SECONDS
  useEffect(() => setFiner(null), [evidence])
  useEffect(() => {
    if (readFiner === undefined || isWhole || !isShort) return
    let isCurrent = true
    const timer = setTimeout(() => {
      readFiner({ from, to, refFrom, refTo }).then(
        (dots) => {
          if (isCurrent && dots !== null) setFiner(dots)
        },
        // The dots of the evidence stay.
        () => {},
      )
    }, STILL_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [evidence, from, to, refFrom, refTo])
  const isCovered =
    finer !== null &&
    covers({ start: finer.queryStart, end: finer.queryEnd }, querySpan.value) &&
    covers({ start: finer.refStart, end: finer.refEnd }, refSpan.value)
  return isCovered ? finer : evidence.dots
}

/** Whether dots reach over a span, but for the rounding of the server. */
function covers({ start, end }: Span, span: Span): boolean {
  return start <= span.start + 0.01 && end >= span.end - 0.01
}
