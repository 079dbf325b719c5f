import type { RouteAnswer } from '@kinoprint/contract'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../api/client.ts'
import type { ApiFault } from '../api/fault.ts'
import { numberText } from '../format/format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { showToast } from '../parts/toast.tsx'
import { canUndo } from './decisions.ts'
import { baseName, timeText } from './format.ts'
import { matchesTexts } from './matches-texts.ts'
import './ignore-dialog.css'

/** A stretch of a stored video. */
export type Stretch = {
  readonly dnaDbId: string
  readonly videoId: string
  readonly object: string
  readonly start: number
  readonly end: number
}

type Preview = RouteAnswer<'ignorePassage'>
type Looked = { readonly preview: Preview | null; readonly isLooking: boolean; readonly problem: string }

const LOOK_AGAIN_MS = 1500
const MOST_LOOKS = 20

/** What ignoring would do. Other videos that hold the passage are looked up in the background. */
function usePreview({ dnaDbId, videoId, start, end }: Stretch, everywhere: boolean): Looked {
  const [looked, setLooked] = useState<Looked>({ preview: null, isLooking: true, problem: '' })
  useEffect(() => {
    let isOld = false
    const look = async () => {
      const body = { videoId, start, end, everywhere }
      for (let looks = 1; !isOld && looks <= MOST_LOOKS; looks++) {
        const preview = await api.ignorePassage({ params: { dnaDbId }, query: { dryRun: true }, body })
        if (isOld) return
        const isLooking = preview.alsoIn === null && looks < MOST_LOOKS
        setLooked({ preview, isLooking, problem: '' })
        if (!isLooking) return
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      }
    }
    setLooked((before) => ({ ...before, isLooking: true }))
    look().catch((thrown: Error) => {
      if (!isOld) setLooked({ preview: null, isLooking: false, problem: thrown.message })
    })
    return () => {
      isOld = true
    }
  }, [everywhere])
  return looked
}

/** Ignores a passage everywhere or in its own video, after showing what that would do. */
export function IgnoreDialog({
  stretch,
  onClose,
}: {
  readonly stretch: Stretch
  readonly onClose: () => void
}) {
  const texts = matchesTexts.value.ignore
  const { dnaDbId, videoId, start, end } = stretch
  const [everywhere, setEverywhere] = useState(true)
  const [note, setNote] = useState('')
  const [isSending, setSending] = useState(false)
  const { preview, isLooking, problem } = usePreview(stretch, everywhere)
  const send = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    const trimmed = note.trim()
    try {
      const made = await api.ignorePassage({
        params: { dnaDbId },
        body: { videoId, start, end, everywhere, ...(trimmed === '' ? {} : { note: trimmed }) },
      })
      const ignoredId = 'ignoredId' in made ? made.ignoredId : null
      const undo = async () => {
        if (ignoredId !== null) await api.restorePassage({ params: { dnaDbId, ignoredId } })
        return { count: 1, ids: [] }
      }
      canUndo({ undo, undone: () => undefined }, texts.done)
      onClose()
    } catch (thrown) {
      setSending(false)
      showToast({ text: (thrown as ApiFault).message })
    }
  }
  const name = baseName(stretch.object)
  const alsoIn = everywhere ? preview?.alsoIn : null
  const counts = preview !== null && 'confirmedKept' in preview ? preview : undefined
  return (
    <Dialog title={texts.title(`${timeText(start)}–${timeText(end)}`, name)} onClose={onClose}>
      <form class="dialog-body ignoring" onSubmit={send}>
        <fieldset class="plain-set">
          <legend class="sr">{texts.where}</legend>
          <label class="pick-one">
            <input
              type="radio"
              name="everywhere"
              checked={everywhere}
              autofocus
              onChange={() => setEverywhere(true)}
            />
            <span>
              <b>{texts.everywhere}</b>
              <span class="sm q">
                {alsoIn === undefined || alsoIn === null
                  ? texts.everywhereHint
                  : texts.alsoIn(alsoIn, numberText(alsoIn))}
              </span>
            </span>
          </label>
          <label class="pick-one">
            <input
              type="radio"
              name="everywhere"
              checked={!everywhere}
              onChange={() => setEverywhere(false)}
            />
            <b>{texts.onlyHere}</b>
          </label>
        </fieldset>
        {problem !== '' && (
          <p class="err" role="alert" dir="auto">
            {problem}
          </p>
        )}
        <dl class={isLooking ? 'effects stale' : 'effects'} aria-live="polite" aria-busy={isLooking}>
          {(['hidden', 'shortened', 'confirmedKept'] as const).map((what) => (
            <div key={what}>
              <dt>{counts === undefined ? '…' : numberText(counts[what])}</dt>
              <dd>{texts.effects[what](counts?.[what] ?? 0)}</dd>
            </div>
          ))}
        </dl>
        {isLooking && <p class="sm q">{texts.looking}</p>}
        <label class="field">
          <span class="cap">{texts.note}</span>
          <span class="in-field">
            <input maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
          </span>
        </label>
        <div class="dialog-actions">
          <p class="sm q sp">{texts.restorable}</p>
          <button type="button" class="btn gh" onClick={onClose}>
            {matchesTexts.value.cancel}
          </button>
          <button type="submit" class="btn p" disabled={isSending || preview === null}>
            {texts.ignore}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
