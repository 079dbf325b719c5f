import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { decisionRound } from '../../matching/decisions.ts'
import type { Match } from '../../matching/match.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { messages } from '../../messages/messages.ts'
import { act } from '../../parts/act.ts'

/** A note on a match, written in the queue. Enter saves it, Escape leaves it. */
export function NoteField({ match, close }: { readonly match: Match; readonly close: () => void }) {
  const texts = matchesTexts.value
  const [text, setText] = useState('')
  const [isSending, setSending] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  const save = async (event: Event) => {
    event.preventDefault()
    const trimmed = text.trim()
    if (trimmed === '' || isSending) return
    setSending(true)
    const { matchId } = match
    const isSaved = await act(
      () => api.addMatchNote({ params: { matchId }, body: { text: trimmed } }),
      texts.noted,
    )
    setSending(false)
    if (!isSaved) return
    decisionRound.value += 1
    leave()
  }
  const leave = () => {
    close()
    document.getElementById(`row-${match.matchId}`)?.focus()
  }
  return (
    <form class="row" onSubmit={save}>
      <span class="in-field sp">
        <input
          ref={field}
          maxLength={4000}
          placeholder={texts.noteHint}
          aria-label={texts.note}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') leave()
          }}
        />
      </span>
      <button type="submit" class="btn" disabled={text.trim() === '' || isSending} {...needs('addMatchNote')}>
        {messages.value.parts.save}
      </button>
    </form>
  )
}
