import { Check, ChevronLeft, ChevronRight, EyeOff, Link, X } from 'lucide'
import { needs } from '../../api/role.ts'
import { dateTimeText } from '../../format/format.ts'
import type { DecidedState } from '../../matching/decisions.ts'
import type { MatchDetail } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { PairNames } from '../../matching/pair-names.tsx'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { ExportMenu } from './export-menu.tsx'
import { fragmentOf } from './moment-address.ts'
import { copyMoment } from './transport.tsx'
import type { Viewer } from './viewer.ts'

/** The head of the viewer: where one is in the queue, both names, and the decision. */
export function Head(props: {
  readonly match: MatchDetail
  readonly viewer: Viewer
  readonly near:
    | {
        readonly position: number | null
        readonly total: number
        readonly previous: string | null
        readonly next: string | null
      }
    | undefined
  readonly open: (matchId: string | null | undefined) => void
  readonly settle: (state: DecidedState) => void
  readonly query: string
}) {
  const { match, viewer, near, open, settle, query } = props
  const texts = matchTexts.value
  const found = dateTimeText(match.foundAt)
  return (
    <header class="vh">
      <a class="btn gh" href={`/console/matches${query}`} aria-label={messages.value.shell.matches}>
        <Icon of={ChevronLeft} />
        <span class="hide-s">{messages.value.shell.matches}</span>
      </a>
      {near !== undefined && near.total > 0 && (
        <div class="row g4 hide-s walk">
          <button
            type="button"
            class="btn ic xs gh"
            disabled={near.previous === null}
            aria-label={texts.previousMatch}
            title={`${texts.previousMatch} (Shift K)`}
            onClick={() => open(near.previous)}
          >
            <Icon of={ChevronLeft} size="s" />
          </button>
          <span class="nw">{texts.position(near.position, near.total)}</span>
          <button
            type="button"
            class="btn ic xs gh"
            disabled={near.next === null}
            aria-label={texts.nextMatch}
            title={`${texts.nextMatch} (Shift J)`}
            onClick={() => open(near.next)}
          >
            <Icon of={ChevronRight} size="s" />
          </button>
        </div>
      )}
      <div class="col sp names">
        <h1 class="row g4">
          <PairNames query={match.query.object} reference={match.reference.object} />
        </h1>
        <div class="sm q el">
          {texts.library}{' '}
          {match.library.name === null ? (
            <span class="m">{match.library.dnaDbId}</span>
          ) : (
            <a class="t" href={`/console/libraries/${match.library.dnaDbId}`} dir="auto" translate={false}>
              {match.library.name}
            </a>
          )}
          {' · '}
          {texts.job}{' '}
          <a class="t m" href={`/console/jobs/${match.query.jobId}`}>
            {`${match.query.jobId.slice(0, 5)}…${match.query.jobId.slice(-4)}`}
          </a>
          {match.key !== null && (
            <>
              {' · '}
              {texts.key}{' '}
              <span class="m" dir="auto" translate={false} title={match.key.secretId}>
                {match.key.name}
              </span>
            </>
          )}
          {' · '}
          {texts.found(found)}
        </div>
      </div>
      <button
        type="button"
        class="btn gh ic hide-s"
        aria-label={texts.copyLink}
        title={`${texts.copyLink} (T)`}
        onClick={() =>
          copyMoment(`${location.origin}${location.pathname}${location.search}${fragmentOf(viewer)}`)
        }
      >
        <Icon of={Link} />
      </button>
      <ExportMenu match={match} />
      <button type="button" class="btn hide-s" onClick={() => settle('dismissed')} {...needs('decideMatch')}>
        <Icon of={X} />
        {texts.notAMatch}
        <kbd>D</kbd>
      </button>
      <button
        type="button"
        class="btn p hide-s"
        onClick={() => settle('confirmed')}
        {...needs('decideMatch')}
      >
        <Icon of={Check} />
        {match.state === 'near' ? texts.confirmAnyway : texts.confirm}
        <kbd>C</kbd>
      </button>
    </header>
  )
}

/** The decision at the bottom of a phone. */
export function DecisionBar(props: {
  readonly match: MatchDetail
  readonly settle: (state: DecidedState) => void
  readonly ignore: () => void
}) {
  const { match, settle, ignore } = props
  const texts = matchTexts.value
  return (
    <div class="decbar only-s">
      <button
        type="button"
        class="btn ic"
        aria-label={matchesTexts.value.ignore.short}
        title={matchesTexts.value.ignore.short}
        disabled={match.reference.videoId === null || match.passages.length === 0}
        onClick={ignore}
        {...needs('ignorePassage')}
      >
        <Icon of={EyeOff} />
      </button>
      <button type="button" class="btn" onClick={() => settle('dismissed')} {...needs('decideMatch')}>
        <Icon of={X} />
        {texts.notAMatch}
      </button>
      <button type="button" class="btn p" onClick={() => settle('confirmed')} {...needs('decideMatch')}>
        <Icon of={Check} />
        {match.state === 'near' ? texts.confirmAnyway : texts.confirm}
      </button>
    </div>
  )
}
