import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { act } from '../../parts/act.ts'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import type { GivenObject, SearchedLibrary } from './search-run.ts'
import { searchTexts } from './search-texts.ts'

/** Stores the query in one of the libraries that were searched. */
export function StoreToo({
  source: { bucket, object },
  libraries,
  onClose,
}: {
  readonly source: GivenObject
  readonly libraries: readonly SearchedLibrary[]
  readonly onClose: () => void
}) {
  const texts = searchTexts.value
  const [dnaDbId, setDnaDbId] = useState(libraries[0]?.dnaDbId ?? '')
  const [isSending, setSending] = useState(false)
  const store = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    const name = libraries.find((one) => one.dnaDbId === dnaDbId)?.name ?? ''
    const isDone = await act(
      () => api.submitJob({ body: { ruleType: 'GetFingerPrint', dnaDbId, bucket, object } }),
      texts.storing(name),
    )
    setSending(false)
    if (isDone) onClose()
  }
  return (
    <Dialog title={texts.storeToo} onClose={onClose}>
      <form class="dialog-body" onSubmit={store}>
        <p class="el" dir="auto" translate={false} title={object}>
          {object}
        </p>
        <label class="field">
          <span class="cap">{matchesTexts.value.library}</span>
          <select
            class="select"
            autofocus
            value={dnaDbId}
            onChange={(event) => setDnaDbId(event.currentTarget.value)}
          >
            {libraries.map((one) => (
              <option key={one.dnaDbId} value={one.dnaDbId}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <DialogActions onClose={onClose}>
          <button type="submit" class="btn p" disabled={isSending}>
            {texts.store}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
