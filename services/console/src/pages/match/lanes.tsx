import { useMemo, useRef } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { listText } from '../../format/format.ts'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { baseName, scoreText, timeText } from '../../matching/format.ts'
import type { FrameSource } from '../../matching/frame-source.ts'
import { counts, type Match } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { PairThumbs } from '../../matching/pair-thumbs.tsx'
import { useSize } from '../../parts/use-size.ts'
import { Axis, gapsOf } from './bar-parts.tsx'

/** Shorter stretches without a source are not worth a line. */
const LEAST_SECONDS = 2

/** Everything that was found in the query of the match: a lane for each reference, and what has no source. */
export function Lanes({ match, source }: { readonly match: Match; readonly source: FrameSource }) {
  const texts = matchTexts.value
  const loaded = useLoad(() => readLanes(match), match.matchId).value
  const { data } = loaded
  if (data === undefined) return null
  const duration = match.query.durationSeconds
  const used = data.items.flatMap(({ passages }) =>
    passages.filter(counts).map(({ queryStart, queryEnd }) => [queryStart, queryEnd] as const),
  )
  const gaps = gapsOf(used, { start: 0, end: duration })
  const covered = duration - gaps.reduce((sum, [start, end]) => sum + end - start, 0)
  const unknown = gaps.filter(([start, end]) => end - start >= LEAST_SECONDS)
  return (
    <section class="ev" aria-label={texts.allFound}>
      <div class="row ev-head">
        <h2>{texts.allFound}</h2>
        <span class="sm q">
          {texts.allFoundHint(data.total, Math.round((100 * covered) / (duration || 1)))}
        </span>
      </div>
      <div class="found-lanes">
        {data.items.map((other) => (
          <div key={other.matchId} class="found-lane">
            <PairThumbs match={other} sides={['reference']} width={44} height={26} />
            {other.matchId === match.matchId ? (
              <b class="el" dir="auto" translate={false} title={other.reference.object}>
                {baseName(other.reference.object)}
              </b>
            ) : (
              <a
                class="t el"
                href={`/console/matches/${other.matchId}`}
                dir="auto"
                translate={false}
                title={other.reference.object}
              >
                {baseName(other.reference.object)}
              </a>
            )}
            <span class="track" aria-hidden="true">
              {other.passages.filter(counts).map(({ queryStart, queryEnd, refStart, kind }) => (
                <i
                  key={`${queryStart} ${refStart} ${kind}`}
                  class={kind}
                  style={{
                    left: `${(100 * queryStart) / duration}%`,
                    width: `${(100 * (queryEnd - queryStart)) / duration}%`,
                  }}
                />
              ))}
            </span>
            <span class="sr">
              {other.passages
                .filter(counts)
                .map(
                  (one) => `${timeText(one.queryStart)}–${timeText(one.queryEnd)}, ${texts.kinds[one.kind]}`,
                )
                .join('; ')}
            </span>
            <b class="r">{scoreText(other.score)}</b>
          </div>
        ))}
        <div class="found-lane">
          <span />
          <span />
          <QueryStrip {...{ source, duration }} />
          <span />
        </div>
      </div>
      {unknown.length > 0 && (
        <p class="sm q">
          {texts.noSource(listText(unknown.map(([start, end]) => `${timeText(start)}–${timeText(end)}`)))}
        </p>
      )}
    </section>
  )
}

/** Lists show the longest passages only. All of them are read of the first few matches that have more. */
const MOST_READ = 8

async function readLanes(match: Match) {
  const query = { sameQueryAs: match.matchId, order: 'score', pageSize: 50 } as const
  const { items, total } = await api.listMatches({ query })
  const isCut = ({ passages, passageCount }: Match) => passages.length < passageCount
  const cut = items.filter((one) => isCut(one) && one.matchId !== match.matchId).slice(0, MOST_READ)
  const read = await Promise.all(cut.map(({ matchId }) => api.getMatch({ params: { matchId } })))
  const whole = new Map([match, ...read].map((one) => [one.matchId, one.passages]))
  return { items: items.map((one) => ({ ...one, passages: whole.get(one.matchId) ?? one.passages })), total }
}

/** The query as a filmstrip, under the lanes and as long as they are. */
function QueryStrip({ source, duration }: { readonly source: FrameSource; readonly duration: number }) {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const count = Math.max(1, Math.round(width / 44))
  const times = useMemo(
    () => Array.from({ length: count }, (_, at) => ((at + 0.5) * duration) / count),
    [count, duration],
  )
  return (
    <div ref={box} class="query-strip">
      {width > 0 && (
        <>
          <Filmstrip {...{ source, times, width }} height={26} />
          <svg width={width} height={18} aria-hidden="true">
            <Axis span={{ start: 0, end: duration }} width={width} y={13} />
          </svg>
        </>
      )}
    </div>
  )
}
