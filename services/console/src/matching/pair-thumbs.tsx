import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Filmstrip } from './filmstrip.tsx'
import { timeText } from './format.ts'
import type { Match, Passage } from './match.ts'
import { framesOf } from './sides.ts'
import { asItIs, type Straightening } from './straighten.ts'
import { lineOf, refTimeAt, type Side } from './time-map.ts'

export type BestMoment = {
  readonly passage: Passage | undefined
  readonly query: number
  readonly reference: number
}

/** The passage that speaks for a match: the best one with pictures. */
export function bestPassage({ passages }: Match): Passage | undefined {
  const [best] = passages.toSorted(
    (a, b) => Number(a.kind === 'audio') - Number(b.kind === 'audio') || b.score - a.score,
  )
  return best
}

/** The middle of a passage on both sides; of the best one by default. */
export function bestMoment(match: Match, passage = bestPassage(match)): BestMoment {
  if (passage === undefined) return { passage, query: 0, reference: 0 }
  const query = (passage.queryStart + passage.queryEnd) / 2
  return { passage, query, reference: refTimeAt(lineOf(passage), query) }
}

/** How the stills of both sides are straightened: the query as a whole, the reference to the common part. */
export function straightenings(passage: Passage | undefined): {
  readonly query: Straightening
  readonly reference: Straightening
} {
  if (passage === undefined) return { query: asItIs, reference: asItIs }
  const { queryBox, refBox, mirrored, turn } = passage
  return { query: { box: queryBox, mirrored, turn }, reference: { ...asItIs, box: refBox } }
}

/** Stills of the same moment of both sides, or of one, the query's straightened. Loaded once they come into view. */
export function PairThumbs({
  match,
  sides = ['query', 'reference'],
  width = 84,
  height = 48,
}: {
  readonly match: Match
  readonly sides?: readonly Side[]
  readonly width?: number
  readonly height?: number
}) {
  const box = useRef<HTMLSpanElement>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const { current } = box
    if (current === null) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  const moment = bestMoment(match)
  const sources = useMemo(() => framesOf(match), [match.matchId, match.query.jobId])
  const straight = straightenings(moment.passage)
  return (
    <span ref={box} class="pair-in">
      {sides.map((side) => (
        <span class="th" key={side} style={{ width: `${width}px`, height: `${height}px` }}>
          {isSeen && (
            <Filmstrip
              source={sources[side]}
              times={[moment[side]]}
              width={width}
              height={height}
              straightening={straight[side]}
            />
          )}
          <span class="d">{timeText(match[side].durationSeconds, 0)}</span>
        </span>
      ))}
    </span>
  )
}
