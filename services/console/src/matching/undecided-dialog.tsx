import type { ComponentChildren } from 'preact'
import { messages } from '../messages/messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Moment } from '../parts/moment.tsx'
import { decide } from './decisions.ts'
import { baseName } from './format.ts'
import { matchTexts } from './match-texts.ts'
import { matchesTexts } from './matches-texts.ts'
import { type Conflict, closeConflict, conflicts, refusals } from './undecided.ts'
import './undecided.css'

/** What became of decisions that were not saved: a newer one stands against each, or the server refused it. */
export default function UndecidedDialog() {
  const [conflict] = conflicts.value
  if (conflict !== undefined) return <ConflictDialog key={conflict.match.matchId} conflict={conflict} />
  if (refusals.value.length > 0) return <RefusedDialog />
  return null
}

/** Both decisions beside each other. */
function ConflictDialog({ conflict: { match, verdict, theirs } }: { readonly conflict: Conflict }) {
  const texts = matchesTexts.value
  const { decision } = theirs
  const decideAnyway = () => {
    closeConflict()
    void decide(theirs, verdict)
  }
  return (
    <Dialog title={texts.conflict.title} onClose={closeConflict}>
      <div class="dialog-body">
        <p class="el" dir="auto" translate={false} title={match.query.object}>
          {baseName(match.query.object)}
        </p>
        <div class="versus">
          <Side
            who={texts.conflict.theirs(decision?.by ?? null)}
            state={theirs.state}
            reason={decision?.reason}
          >
            {decision !== null && <Moment at={decision.at} />}
            {decision?.note && (
              <span dir="auto" translate={false}>
                {decision.note}
              </span>
            )}
          </Side>
          <Side who={texts.conflict.yours} state={verdict.state} reason={verdict.reason}>
            {texts.conflict.notSaved}
          </Side>
        </div>
        <div class="dialog-actions">
          <button type="button" class="btn gh" onClick={decideAnyway}>
            {texts.conflict.decideAnyway}
          </button>
          <button type="button" class="btn p" autofocus onClick={closeConflict}>
            {texts.conflict.keep}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

function Side(props: {
  readonly who: string
  readonly state: keyof (typeof matchTexts.value)['states']
  readonly reason: keyof (typeof matchTexts.value)['reasons'] | null | undefined
  readonly children: ComponentChildren
}) {
  const { who, state, reason, children } = props
  const texts = matchTexts.value
  return (
    <section class="col g3" aria-label={who}>
      <span class="cap" dir="auto">
        {who}
      </span>
      <b>{matchesTexts.value.stateNames[state]}</b>
      {reason && <span>{texts.reasons[reason]}</span>}
      <span class="sm q col">{children}</span>
    </section>
  )
}

function RefusedDialog() {
  const texts = matchesTexts.value
  const close = () => {
    refusals.value = []
  }
  return (
    <Dialog title={texts.refusedTitle(refusals.value.length)} onClose={close}>
      <div class="dialog-body">
        <ul class="refused">
          {refusals.value.map(({ match, verdict, message }) => (
            <li key={match.matchId}>
              <b dir="auto" translate={false}>
                {baseName(match.query.object)}
              </b>{' '}
              {texts.stateNames[verdict.state]}
              <p class="sm q" dir="auto">
                {message}
              </p>
            </li>
          ))}
        </ul>
        <div class="dialog-actions">
          <button type="button" class="btn p" onClick={close}>
            {messages.value.shell.close}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
