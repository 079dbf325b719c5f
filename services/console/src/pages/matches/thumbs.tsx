import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { timeText } from '../../matching/format.ts'
import type { Match, Passage } from '../../matching/match.ts'
import { framesOf } from '../../matching/sides.ts'
import { asItIs } from '../../matching/straighten.ts'
import { lineOf, refTimeAt } from '../../matching/time-map.ts'

/** The moment that speaks for a match: the middle of its best passage with pictures. */
export function bestMoment(match: Match): {
  readonly passage: Passage | undefined
  readonly query: number
  readonly reference: number
} {
  const best = match.passages.toSorted(
    (a, b) => Number(a.kind === 'audio') - Number(b.kind === 'audio') || b.score - a.score,
  )
  const [passage] = best
  if (passage === undefined) return { passage, query: 0, reference: 0 }
  const query = (passage.queryStart + passage.queryEnd) / 2
  return { passage, query, reference: refTimeAt(lineOf(passage), query) }
}

/** Two stills of the same moment, the query's straightened. Loaded once the row comes into view. */
export function PairThumbs({ match }: { readonly match: Match }) {
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
  const { passage } = moment
  const sources = useMemo(() => framesOf(match), [match.matchId, match.query.jobId])
  const straight =
    passage === undefined ? asItIs : { box: passage.queryBox, mirrored: passage.mirrored, turn: passage.turn }
  return (
    <span ref={box} class="pair-in">
      {(['query', 'reference'] as const).map((side) => (
        <span class="th" key={side}>
          {isSeen && (
            <Filmstrip
              source={sources[side]}
              times={[moment[side]]}
              width={84}
              height={48}
              straightening={side === 'query' ? straight : { ...asItIs, box: passage?.refBox ?? null }}
            />
          )}
          <span class="d">{timeText(match[side].durationSeconds, 0)}</span>
        </span>
      ))}
    </span>
  )
}
