import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { baseName, scoreText, timeText } from '../../matching/format.ts'
import { counts, type Match } from '../../matching/match.ts'
import { messages } from '../../messages/messages.ts'
import { gapsOf } from './bar-parts.tsx'

/** Shorter stretches without a source are not worth a line. */
const LEAST_SECONDS = 2

/** Everything that was found in the query of the match: a lane for each reference, and what has no source. */
export function Lanes({ match }: { readonly match: Match }) {
  const texts = messages.value.match
  const loaded = useLoad(
    () => api.listMatches({ query: { sameQueryAs: match.matchId, order: 'score', pageSize: 50 } }),
    match.matchId,
  ).value
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
      <div class="lanes">
        {data.items.map((other) => (
          <div key={other.matchId} class="lane">
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
            <b class="r">{scoreText(other.score)}</b>
          </div>
        ))}
      </div>
      {unknown.length > 0 && (
        <p class="sm q">
          {texts.noSource(unknown.map(([start, end]) => `${timeText(start)}–${timeText(end)}`).join(', '))}
        </p>
      )}
    </section>
  )
}
