import { Check, History, Link, Play, X } from 'lucide'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { useKeys } from '../../keys/keys.ts'
import { alterationText } from '../../matching/alterations.ts'
import type { DecidedState } from '../../matching/decisions.ts'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { baseName, momentText, scoreText, timeText } from '../../matching/format.ts'
import type { Match } from '../../matching/match.ts'
import { RibbonGlyph } from '../../matching/ribbons.tsx'
import { framesOf } from '../../matching/sides.ts'
import { asItIs } from '../../matching/straighten.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { useSize } from '../../parts/use-size.ts'
import { preferences, setPreference } from '../../preferences.ts'
import { PassageTags } from '../match/passages.tsx'
import { Pictures } from '../match/pictures.tsx'
import { copyMoment } from '../match/transport.tsx'
import { Viewer } from '../match/viewer.ts'
import { bestMoment } from './thumbs.tsx'
import '../match/match.css'

const MOST_PASSAGES = 6

/** What answers most matches without opening the viewer: the pair at its best moment, a sentence, the ribbons. */
export function Pane(props: {
  readonly match: Match
  readonly title: string
  readonly open: () => void
  readonly settle: (state: DecidedState) => void
  readonly skip: () => void
  readonly withReason: () => void
}) {
  const { match, title, open, settle, skip, withReason } = props
  const texts = messages.value.matches
  const names = messages.value.match
  const { query, reference } = match
  const box = useRef<HTMLElement>(null)
  const { width } = useSize(box)
  const inner = Math.max(0, width - 32)
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
          aria-label={names.copyLink}
          title={names.copyLink}
          onClick={() => copyMoment(`${location.origin}/console/matches/${match.matchId}`)}
        >
          <Icon of={Link} size="s" />
        </button>
      </div>
      <Duo match={match} width={inner} />
      <div>
        <div class="row wrap">
          <span class="figure">{scoreText(match.score)}</span>
          <b>{match.reported ? texts.aCopyIn(match.passageCount) : names.notReported}</b>
        </div>
        <Sentence match={match} />
      </div>
      <RibbonGlyph
        passages={match.passages}
        durations={[query.durationSeconds, reference.durationSeconds]}
        width={inner}
        height={60}
        label={texts.sharePassages(match.passageCount)}
      />
      <ol class="plist">
        {match.passages.slice(0, MOST_PASSAGES).map((passage, index) => (
          <li key={`${passage.queryStart} ${passage.refStart}`} class="pr">
            <span class="no">{index + 1}</span>
            <span class="row g4 wrap">
              <span class="nw">{`${timeText(passage.queryStart)}–${timeText(passage.queryEnd)}`}</span>
              <span class="qq">→</span>
              <span class="nw">{`${timeText(passage.refStart)}–${timeText(passage.refEnd)}`}</span>
              <PassageTags passage={passage} />
            </span>
            <b>{scoreText(passage.score)}</b>
          </li>
        ))}
      </ol>
      <div class="dec">
        <button type="button" class="btn" onClick={() => settle('dismissed')}>
          <Icon of={X} />
          {names.notAMatch}
          <kbd class="hide-s">D</kbd>
        </button>
        <button type="button" class="btn p" onClick={() => settle('confirmed')}>
          <Icon of={Check} />
          {match.state === 'near' ? names.confirmAnyway : names.confirm}
          <kbd class="hide-s">C</kbd>
        </button>
      </div>
      <div class="row wrap">
        <button type="button" class="btn xs gh" onClick={withReason}>
          {texts.reason} <kbd>Shift D</kbd>
        </button>
        <button type="button" class="btn xs gh" onClick={skip}>
          {texts.skip} <kbd>J</kbd>
        </button>
      </div>
      <label class="row sm">
        <input
          type="checkbox"
          checked={preferences.value.autoAdvance}
          onChange={(event) => setPreference('autoAdvance', event.currentTarget.checked)}
        />
        {texts.autoAdvance}
      </label>
      <Related match={match} />
    </aside>
  )
}

function Sentence({ match }: { readonly match: Match }) {
  const texts = messages.value.matches
  const names = messages.value.match
  const parts = match.passages
    .filter((passage) => alterationText(passage, names).length > 0 || passage.kind !== 'both')
    .slice(0, 4)
    .map((passage) => {
      const what = [
        ...(passage.kind === 'both' ? [] : [names.kinds[passage.kind].toLowerCase()]),
        ...alterationText(passage, names),
      ]
      return `${timeText(passage.queryEnd - passage.queryStart, 0)} ${what.join(', ')}`
    })
  return (
    <p class="q">
      {texts.ofQuery(Math.round(100 * match.queryCoverage))}{' '}
      <b class="ink" dir="auto" translate={false}>
        {baseName(match.query.object)}
      </b>{' '}
      {texts.isIn}{' '}
      <b class="ink" dir="auto" translate={false}>
        {baseName(match.reference.object)}
      </b>
      {parts.length === 0 ? '.' : `: ${parts.join('; ')}.`}
    </p>
  )
}

/** The pair of stills; Space plays the passage instead. */
function Duo({ match, width }: { readonly match: Match; readonly width: number }) {
  const texts = messages.value.match
  const [isPlaying, setPlaying] = useState(false)
  const viewer = useMemo(() => (isPlaying ? new Viewer(match) : null), [isPlaying, match.matchId])
  useEffect(() => {
    if (viewer === null) return
    viewer.players.play()
    return () => viewer.close()
  }, [viewer])
  const toggle = () => (viewer === null ? setPlaying(true) : viewer.players.toggle())
  useKeys(texts.players, [{ keys: ['Space'], label: messages.value.matches.playHere, run: toggle }])
  const moment = bestMoment(match)
  const sources = useMemo(() => framesOf(match), [match.matchId])
  const { passage } = moment
  const each = Math.max(0, Math.floor((width - 12) / 2))
  const straight =
    passage === undefined ? asItIs : { box: passage.queryBox, mirrored: passage.mirrored, turn: passage.turn }
  return (
    <div class="duo">
      {viewer === null ? (
        <div class="pics">
          {(['query', 'reference'] as const).map((side) => (
            <Filmstrip
              key={side}
              source={sources[side]}
              times={[moment[side]]}
              width={each}
              height={Math.round((each * 9) / 16)}
              straightening={side === 'query' ? straight : { ...asItIs, box: passage?.refBox ?? null }}
              isLarge
            />
          ))}
        </div>
      ) : (
        <Pictures viewer={viewer} />
      )}
      <div class="row cap">
        <span>{texts.query}</span>
        <span>{momentText(viewer === null ? moment.query : viewer.players.time.value)}</span>
        <button type="button" class="btn ic xs" aria-label={messages.value.matches.playHere} onClick={toggle}>
          <Icon of={Play} size="s" />
        </button>
        <span class="sp" />
        <span>{texts.reference}</span>
        <span>
          {momentText(
            viewer === null ? moment.reference : (viewer.players.refTime.value ?? moment.reference),
          )}
        </span>
      </div>
    </div>
  )
}

/** What was decided about the same query or reference before. */
function Related({ match }: { readonly match: Match }) {
  const texts = messages.value.match
  const detail = useLoad(() => api.getMatch({ params: { matchId: match.matchId } }), match.matchId).value.data
  if (detail === undefined || detail.related.length === 0) return null
  return (
    <ul class="related sm q">
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
