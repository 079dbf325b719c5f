// biome-ignore-all lint/a11y/useFocusableInteractive: the rows are laid out by CSS, and the keys of the page move in the list.
// biome-ignore-all lint/a11y/useSemanticElements: the rows are laid out by CSS, and the keys of the page move in the list.
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the rows are laid out by CSS, and the keys of the page move in the list.

import { baseName, scoreText } from '../../matching/format.ts'
import type { Match } from '../../matching/match.ts'
import { MatchTags } from '../../matching/match-tags.tsx'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { PairThumbs } from '../../matching/pair-thumbs.tsx'
import { RibbonGlyph } from '../../matching/ribbons.tsx'
import { messages } from '../../messages/messages.ts'
import { Moment } from '../../parts/moment.tsx'
import { DecidedTag } from './decided-tag.tsx'

/** One match of the queue. */
export function MatchRow(props: {
  readonly match: Match
  readonly index: number
  readonly isOn: boolean
  readonly isPicked: boolean
  /** It has just been decided and folds away. */
  readonly isFolding: boolean
  /** It is no longer in the state of the list: another reviewer decided it. */
  readonly isElsewhere: boolean
  readonly onSelect: () => void
  readonly onClick: () => void
  readonly onOpen: () => void
  readonly onPick: () => void
}) {
  const { match, index, isOn, isPicked, isFolding, isElsewhere, onSelect, onClick, onOpen, onPick } = props
  const texts = matchesTexts.value
  const { query, reference } = match
  const share = texts.share(match.similarDuration.toFixed(1), Math.round(100 * match.queryCoverage))
  return (
    <div
      role="row"
      id={`row-${match.matchId}`}
      aria-selected={isOn}
      aria-rowindex={index + 1}
      tabIndex={isOn ? 0 : -1}
      class={['mrow', isOn && 'on', isFolding && 'folds', isElsewhere && 'elsewhere']
        .filter(Boolean)
        .join(' ')}
      onClick={onClick}
      onDblClick={onOpen}
      onFocus={onSelect}
    >
      <span role="gridcell" class="hide-s">
        <input
          type="checkbox"
          checked={isPicked}
          tabIndex={-1}
          aria-label={texts.select(baseName(query.object))}
          onClick={(event) => event.stopPropagation()}
          onChange={onPick}
        />
      </span>
      <span role="gridcell" class="pair">
        <PairThumbs match={match} />
      </span>
      <div role="gridcell" class="col g3">
        <span class="b el" dir="auto" translate={false} title={query.object}>
          {baseName(query.object)}
        </span>
        <span class="q el" title={reference.object}>
          {texts.in}{' '}
          <span dir="auto" translate={false}>
            {baseName(reference.object)}
          </span>
        </span>
        <div class="row g4 wrap">
          <DecidedTag match={match} />
          <MatchTags match={match} />
        </div>
      </div>
      <div role="gridcell" class="col g3 shape-cell">
        <RibbonGlyph
          passages={match.passages}
          durations={[query.durationSeconds, reference.durationSeconds]}
          width={150}
          height={36}
          label={messages.value.parts.sharePassages(match.passageCount)}
        />
        <span class="sm q nw">{share}</span>
      </div>
      <div role="gridcell" class="r col">
        <span class="score">{scoreText(match.score)}</span>
        <span class="sm q">
          <Moment at={match.openedAt} />
        </span>
      </div>
    </div>
  )
}
