import { Check, EyeOff, History, Link, MessageSquare, SkipForward, X } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { listText, numberText } from '../../format/format.ts'
import { alterationText } from '../../matching/alterations.ts'
import { type DecidedState, decisionRound } from '../../matching/decisions.ts'
import { baseName, scoreText, timeText } from '../../matching/format.ts'
import type { Match, MatchDetail, Passage } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { bestPassage } from '../../matching/pair-thumbs.tsx'
import { RibbonGlyph } from '../../matching/ribbons.tsx'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { useSize } from '../../parts/use-size.ts'
import { preferences, setPreference } from '../../preferences.ts'
import { PassageTags } from '../match/passages.tsx'
import { copyMoment } from '../match/transport.tsx'
import { DecidedTag } from './decided-tag.tsx'
import { Duo } from './duo.tsx'
import { NearMiss } from './near-miss.tsx'
import { NoteField } from './note-field.tsx'
import '../match/match.css'

const MOST_PASSAGES = 6

/** What answers most matches without opening the viewer: the pair at its best moment, a sentence, the ribbons. */
export function Pane(props: {
  readonly match: Match
  readonly title: string
  /** The passage that is shown and that would be ignored. */
  readonly passage: Passage | undefined
  readonly isNoting: boolean
  readonly choose: (passage: Passage) => void
  readonly open: () => void
  readonly settle: (state: DecidedState) => void
  readonly skip: () => void
  readonly withReason: () => void
  readonly ignore: () => void
  readonly setNoting: (isNoting: boolean) => void
  /** The match as it is now, if others have changed it. */
  readonly update: (match: Match) => void
}) {
  const { match, title, open, settle, skip, withReason, ignore, update, isNoting, setNoting } = props
  const { passage = bestPassage(match) } = props
  const texts = matchesTexts.value
  const names = matchTexts.value
  const { query, reference } = match
  const box = useRef<HTMLElement>(null)
  const { width } = useSize(box)
  const inner = Math.max(0, width - 32)
  const detail = useLoad(() => {
    decisionRound.value
    return api.getMatch({ params: { matchId: match.matchId } })
  }, match.matchId).value.data
  useEffect(() => {
    if (detail !== undefined && detail.version > match.version) update(detail)
  }, [detail])
  const shown = match.passages.slice(0, MOST_PASSAGES)
  return (
    <aside ref={box} class="pane" aria-label={title}>
      <div class="row">
        <h2>{title}</h2>
        <span class="sp" />
        <button type="button" class="btn xs" onClick={open}>
          {texts.openViewer} <kbd>↵</kbd>
        </button>
        <button
          type="button"
          class="btn ic xs gh"
          aria-label={texts.copyLink}
          title={texts.copyLink}
          onClick={() => copyMoment(`${location.origin}/console/matches/${match.matchId}`)}
        >
          <Icon of={Link} size="s" />
        </button>
      </div>
      <Duo
        key={match.matchId}
        match={match}
        {...(detail === undefined ? {} : { files: detail.files })}
        passage={passage}
        width={inner}
      />
      <div>
        <div class="row wrap">
          <span class="figure">{scoreText(match.score)}</span>
          <b>{match.reported ? texts.aCopyIn(match.passageCount) : names.notReported}</b>
          <DecidedTag match={match} />
        </div>
        <Sentence match={match} />
      </div>
      <RibbonGlyph
        passages={match.passages}
        durations={[query.durationSeconds, reference.durationSeconds]}
        width={inner}
        height={60}
        label={messages.value.parts.sharePassages(match.passageCount)}
      />
      <ol class="plist">
        {shown.map((one, index) => (
          <li key={`${one.queryStart} ${one.refStart}`}>
            <button
              type="button"
              class={one === passage ? 'pr on' : 'pr'}
              aria-pressed={one === passage}
              onClick={() => props.choose(one)}
            >
              <span class="no">{index + 1}</span>
              <span class="row g4 wrap">
                <span class="nw">{`${timeText(one.queryStart)}–${timeText(one.queryEnd)}`}</span>
                <span class="qq">→</span>
                <span class="nw">{`${timeText(one.refStart)}–${timeText(one.refEnd)}`}</span>
                <PassageTags passage={one} />
              </span>
              <b>{scoreText(one.score)}</b>
            </button>
          </li>
        ))}
      </ol>
      {match.passageCount > shown.length && (
        <button type="button" class="btn xs gh" onClick={open}>
          {texts.morePassages(numberText(match.passageCount - shown.length))}
        </button>
      )}
      <div class="dec">
        <button type="button" class="btn" onClick={() => settle('dismissed')} {...needs('decideMatch')}>
          <Icon of={X} />
          {names.notAMatch}
          <kbd class="hide-s">D</kbd>
        </button>
        <button type="button" class="btn p" onClick={() => settle('confirmed')} {...needs('decideMatch')}>
          <Icon of={Check} />
          {match.state === 'near' ? names.confirmAnyway : names.confirm}
          <kbd class="hide-s">C</kbd>
        </button>
      </div>
      <div class="row wrap more-acts">
        <button type="button" class="btn xs gh" onClick={withReason} {...needs('decideMatch')}>
          {texts.reason} <kbd>Shift D</kbd>
        </button>
        <button
          type="button"
          class="btn xs gh"
          disabled={reference.videoId === null}
          onClick={ignore}
          {...needs('ignorePassage')}
        >
          <Icon of={EyeOff} size="s" />
          {texts.ignore.short} <kbd>I</kbd>
        </button>
        <button
          type="button"
          class="btn xs gh"
          aria-expanded={isNoting}
          onClick={() => setNoting(!isNoting)}
          {...needs('addMatchNote')}
        >
          <Icon of={MessageSquare} size="s" />
          {match.notes === 0 ? texts.note : texts.notes(match.notes)} <kbd>E</kbd>
        </button>
        <button type="button" class="btn xs gh" onClick={skip}>
          <Icon of={SkipForward} size="s" />
          {texts.skip} <kbd>J</kbd>
        </button>
      </div>
      {isNoting && <NoteField match={match} close={() => setNoting(false)} />}
      {match.state === 'near' && <NearMiss match={match} />}
      <label class="row sm">
        <input
          type="checkbox"
          checked={preferences.value.autoAdvance}
          onChange={(event) => setPreference('autoAdvance', event.currentTarget.checked)}
        />
        {texts.autoAdvance}
      </label>
      <Related detail={detail} />
    </aside>
  )
}

function Sentence({ match }: { readonly match: Match }) {
  const texts = matchesTexts.value
  const names = matchTexts.value
  const parts = match.passages
    .filter((passage) => alterationText(passage).length > 0 || passage.kind !== 'both')
    .slice(0, 4)
    .map((passage) => {
      const what = [
        ...(passage.kind === 'both' ? [] : [names.kinds[passage.kind].toLowerCase()]),
        ...alterationText(passage),
      ]
      return `${timeText(passage.queryEnd - passage.queryStart, 0)} ${listText(what)}`
    })
  return (
    <p class="q">
      {texts.ofQuery(Math.round(100 * match.queryCoverage))}{' '}
      <b class="ink" dir="auto" translate={false} title={match.query.object}>
        {baseName(match.query.object)}
      </b>{' '}
      {match.reported ? texts.isIn : texts.resembles}{' '}
      <b class="ink" dir="auto" translate={false} title={match.reference.object}>
        {baseName(match.reference.object)}
      </b>
      {texts.changed(parts)}
    </p>
  )
}

/** Its notes, and what was decided about the same query or reference before. */
function Related({ detail }: { readonly detail: MatchDetail | undefined }) {
  const texts = matchTexts.value
  if (detail === undefined) return null
  const notes = detail.history.filter(({ kind, note }) => kind === 'note' && note !== null).slice(0, 2)
  if (detail.related.length === 0 && notes.length === 0) return null
  return (
    <ul class="related sm q">
      {notes.map(({ eventId, note, by }) => (
        <li key={eventId} class="row">
          <Icon of={MessageSquare} size="s" />
          <span dir="auto" translate={false}>
            {note}
            {by === null ? '' : ` (${by})`}
          </span>
        </li>
      ))}
      {detail.related.map((other) => (
        <li key={other.matchId} class="row">
          <Icon of={History} size="s" />
          <span>
            <a class="t" href={`/console/matches/${other.matchId}`} dir="auto" translate={false}>
              {baseName(other.query.object)}
            </a>{' '}
            {texts.states[other.state]}
            {other.decision?.note ? ` (“${other.decision.note}”)` : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}
