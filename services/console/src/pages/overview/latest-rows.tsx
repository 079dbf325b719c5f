import type { RouteAnswer } from '@kinoprint/contract'
import { baseName, scoreText } from '../../matching/format.ts'
import { PairThumbs } from '../../matching/pair-thumbs.tsx'
import { Hatch, RibbonGlyph } from '../../matching/ribbons.tsx'
import { messages } from '../../messages/messages.ts'
import { Moment } from '../../parts/moment.tsx'

/** The rows of the newest open matches. */
export default function LatestRows({ matches }: { readonly matches: RouteAnswer<'listMatches'>['items'] }) {
  const texts = messages.value.overview
  return (
    <>
      <Hatch />
      <table aria-label={texts.latest} class="latest">
        <tbody>
          {matches.map((match) => (
            <tr key={match.matchId}>
              <td>
                <PairThumbs match={match} width={42} height={24} />
              </td>
              <td class="names">
                <span class="pair-names">
                  <a
                    class="b"
                    href={`/console/matches/${encodeURIComponent(match.matchId)}`}
                    dir="auto"
                    translate={false}
                    title={match.query.object}
                  >
                    {baseName(match.query.object)}
                  </a>{' '}
                  <span class="q" title={match.reference.object}>
                    {texts.of}{' '}
                    <span dir="auto" translate={false}>
                      {baseName(match.reference.object)}
                    </span>
                  </span>
                </span>
              </td>
              <td class="hide-s">
                <RibbonGlyph
                  passages={match.passages}
                  durations={[match.query.durationSeconds, match.reference.durationSeconds]}
                  width={150}
                  height={28}
                  label={messages.value.parts.sharePassages(match.passageCount)}
                />
              </td>
              <td class="r b">{scoreText(match.score)}</td>
              <td class="r q nw hide-s">
                <Moment at={match.openedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
