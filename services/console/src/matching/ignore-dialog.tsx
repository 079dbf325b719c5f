import { useState } from 'preact/hooks'
import { api } from '../api/client.ts'
import type { ApiFault } from '../api/fault.ts'
import { useLoad } from '../api/use-load.ts'
import { messages } from '../messages/messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { showToast } from '../parts/toast.tsx'
import { decisionRound } from './decisions.ts'
import { baseName, timeText } from './format.ts'

/** A stretch of a stored video. */
export type Stretch = {
  readonly dnaDbId: string
  readonly videoId: string
  readonly object: string
  readonly start: number
  readonly end: number
}

const LOOK_AGAIN_MS = 1500

/** Ignores a passage everywhere, after showing what that would do. */
export function IgnoreDialog({
  stretch,
  onClose,
}: {
  readonly stretch: Stretch
  readonly onClose: () => void
}) {
  const texts = messages.value.matches.ignore
  const { dnaDbId, videoId, start, end } = stretch
  const [note, setNote] = useState('')
  const [isSending, setSending] = useState(false)
  const loaded = useLoad(async () => {
    const look = () =>
      api.ignorePassage({
        params: { dnaDbId },
        query: { dryRun: true },
        body: { videoId, start, end, everywhere: true },
      })
    let preview = await look()
    // The other videos that hold it are looked up in the background.
    for (let tries = 0; preview.alsoIn === null && tries < 20; tries++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      preview = await look()
    }
    return preview
  }).value
  const send = () => {
    setSending(true)
    const trimmed = note.trim()
    api
      .ignorePassage({
        params: { dnaDbId },
        body: { videoId, start, end, everywhere: true, ...(trimmed === '' ? {} : { note: trimmed }) },
      })
      .then(
        () => {
          decisionRound.value += 1
          showToast({ text: texts.done })
          onClose()
        },
        (fault: ApiFault) => {
          setSending(false)
          showToast({ text: fault.message })
        },
      )
  }
  const preview = loaded.data
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <div class="dialog-body">
        <p>
          {`${timeText(start)}–${timeText(end)} · `}
          <b dir="auto" translate={false}>
            {baseName(stretch.object)}
          </b>
        </p>
        {loaded.fault !== undefined && <p class="err">{loaded.fault.message}</p>}
        {preview === undefined && loaded.fault === undefined && <p class="q">{texts.looking}</p>}
        {preview !== undefined && (
          <ul>
            <li>{texts.hidden(preview.hidden)}</li>
            <li>{texts.shortened(preview.shortened)}</li>
            {'confirmedKept' in preview && <li>{texts.kept(preview.confirmedKept)}</li>}
            {preview.alsoIn !== null && <li>{texts.alsoIn(preview.alsoIn)}</li>}
          </ul>
        )}
        <label class="field">
          <span class="cap">{texts.note}</span>
          <span class="in-field">
            <input maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
          </span>
        </label>
        <div class="dialog-actions">
          <button type="button" class="btn gh" onClick={onClose}>
            {messages.value.matches.cancel}
          </button>
          <button type="button" class="btn p" disabled={isSending || preview === undefined} onClick={send}>
            {texts.ignore}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
