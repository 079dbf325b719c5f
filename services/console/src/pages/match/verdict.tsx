import { Ban, Check, CircleDot, CircleHelp } from 'lucide'
import { bytesText } from '../../format/format.ts'
import { baseName, codecText, scoreText, timeText } from '../../matching/format.ts'
import type { MatchDetail } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { locale } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'

const stateIcons = { open: CircleDot, confirmed: Check, dismissed: Ban, near: CircleHelp }

/** The score, the state, and how much of both videos match. */
export function Verdict({ match }: { readonly match: MatchDetail }) {
  const texts = matchTexts.value
  const share = (fraction: number) => Math.round(100 * fraction)
  return (
    <section class="vsec">
      <div class="verdict">
        <span class="big">{scoreText(match.score)}</span>
        <span class="row wrap">
          <span class="b">{match.reported ? texts.aCopy : texts.notReported}</span>
          <span class={match.state === 'open' || match.state === 'confirmed' ? 'tag ac' : 'tag'}>
            <Icon of={stateIcons[match.state]} size="s" />
            {texts.states[match.state]}
          </span>
          {match.changedSinceDecision && <span class="tag warn">{matchesTexts.value.changedSince}</span>}
        </span>
        <span class="q">
          {texts.verdict({
            passages: match.passageCount,
            time: timeText(match.similarDuration),
            query: share(match.queryCoverage),
            reference: share(match.refCoverage),
          })}
        </span>
      </div>
    </section>
  )
}

/** Facts of both files. */
export function Files({ match }: { readonly match: MatchDetail }) {
  const texts = matchTexts.value
  const { query, reference } = match
  const picture = (side: 'query' | 'reference') => {
    const { width, height, fps } = match[side]
    const { codec } = match.files[side]
    if (width === null || height === null) return texts.notKnown
    if (width === 0) return texts.none
    const more = [
      codec === null ? undefined : codecText(codec),
      fps === null ? undefined : texts.exports.fps(Number(fps.toFixed(2))),
    ]
    return [`${width}×${height}`, ...more.filter((one) => one !== undefined)].join(' ')
  }
  const stored = (at: string | null, otherwise: string) =>
    at === null
      ? otherwise
      : new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(new Date(at))
  const size = (bytes: number | null) => (bytes === null ? texts.notKnown : bytesText(bytes))
  const sound = (has: boolean | null) => (has === null ? texts.notKnown : has ? texts.yes : texts.none)
  return (
    <section class="vsec">
      <h2>{texts.twoFiles}</h2>
      <div class="files">
        <span />
        <span class="cap">{texts.query}</span>
        <span class="cap">{texts.reference}</span>
        <span class="q">{texts.name}</span>
        <span class="name" dir="auto" translate={false} title={query.object}>
          {baseName(query.object)}
        </span>
        <span class="name" dir="auto" translate={false} title={reference.object}>
          {reference.videoId === null || match.library.name === null ? (
            baseName(reference.object)
          ) : (
            <a class="t" href={`/console/libraries/${match.library.dnaDbId}/videos/${reference.videoId}`}>
              {baseName(reference.object)}
            </a>
          )}
        </span>
        <span class="q">{texts.length}</span>
        <span>{timeText(query.durationSeconds)}</span>
        <span>{timeText(reference.durationSeconds)}</span>
        <span class="q">{texts.kinds.video}</span>
        <span>{picture('query')}</span>
        <span>{picture('reference')}</span>
        <span class="q">{texts.kinds.audio}</span>
        <span>{sound(query.hasAudio)}</span>
        <span>{sound(reference.hasAudio)}</span>
        <span class="q">{texts.size}</span>
        <span>{size(match.files.query.bytes)}</span>
        <span>{size(match.files.reference.bytes)}</span>
        <span class="q">{texts.stored}</span>
        <span>{stored(match.files.query.storedAt, texts.notStored)}</span>
        <span>{stored(match.files.reference.storedAt, texts.referenceStatus[reference.status])}</span>
      </div>
    </section>
  )
}
