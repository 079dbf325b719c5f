import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import type { ApiFault } from '../../api/fault.ts'
import { needs } from '../../api/role.ts'
import { dateTimeText } from '../../format/format.ts'
import type { MatchDetail } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { showToast } from '../../parts/toast.tsx'
import type { Viewer } from './viewer.ts'

type HistoryEvent = MatchDetail['history'][number]

/** Notes, and everything that happened to the match, newest first. */
export function Notes(props: {
  readonly viewer: Viewer
  readonly match: MatchDetail
  readonly field: RefObject<HTMLInputElement | null>
  readonly reload: () => void
}) {
  const { viewer, match, field, reload } = props
  const texts = matchTexts.value
  const [text, setText] = useState('')
  const [isSending, setSending] = useState(false)
  const send = (event: Event) => {
    event.preventDefault()
    const trimmed = text.trim()
    if (trimmed === '' || isSending) return
    setSending(true)
    api
      .addMatchNote({ params: { matchId: match.matchId }, body: { text: trimmed } })
      .then(
        () => {
          setText('')
          field.current?.blur()
          reload()
        },
        (fault: ApiFault) => showToast({ text: fault.message }),
      )
      .finally(() => setSending(false))
  }
  return (
    <section class="vsec notes">
      <h2>{texts.notesAndHistory}</h2>
      <form onSubmit={send}>
        <label class="in-field">
          <input
            ref={field}
            maxLength={4000}
            placeholder={texts.addNote}
            aria-label={texts.addNote}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') field.current?.blur()
            }}
            {...needs('addMatchNote')}
          />
          <kbd class="hide-s">E</kbd>
        </label>
      </form>
      <ol class="history">
        {match.history.map((event) => (
          <li key={event.eventId}>
            <span class="sm q">{headOf(event)}</span>
            {event.note !== null && (
              <p dir="auto" translate={false}>
                <NoteText text={event.note} viewer={viewer} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function headOf(event: HistoryEvent): string {
  const texts = matchTexts.value
  const at = dateTimeText(event.at)
  const what = texts.events[event.kind](event.to === null ? '' : texts.states[event.to])
  const reason = event.reason === null ? '' : ` (${texts.reasons[event.reason]})`
  return [at, `${what}${reason}`, event.by === null ? '' : texts.by(event.by)]
    .filter((part) => part)
    .join(' · ')
}

/** A note with its moments, written `@0:14.9`, as buttons that go there. */
function NoteText({ text, viewer }: { readonly text: string; readonly viewer: Viewer }) {
  const parts = text.split(/(@\d{1,3}:\d{2}(?:\.\d{1,3})?)/)
  return (
    <>
      {parts.map((part, index) => {
        const moment = /^@(\d+):(\d{2}(?:\.\d+)?)$/.exec(part)
        if (moment === null) return part
        const seconds = 60 * Number(moment[1]) + Number(moment[2])
        return (
          <button key={index} type="button" class="moment" onClick={() => viewer.players.seek(seconds)}>
            {part.slice(1)}
          </button>
        )
      })}
    </>
  )
}
