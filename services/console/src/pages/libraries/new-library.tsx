import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Problem } from '../../parts/problem.tsx'
import { librariesTexts } from './libraries-texts.ts'
import { LibraryFields, type LibrarySettings } from './library-fields.tsx'

const usual: LibrarySettings = {
  name: '',
  description: '',
  capacity: 100_000,
  bucket: '',
  region: '',
  minSimilar: 0,
  detectOnStore: true,
  storeDetail: 'full',
  store: 'always',
}

/** The dialog that creates a library. */
export function NewLibrary({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void
  readonly onCreated: (dnaDbId: string) => void
}) {
  const texts = librariesTexts.value
  const [settings, setSettings] = useState(usual)
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    const { bucket, region, ...rest } = settings
    try {
      const { dnaDbId } = await api.createLibrary({
        body: { ...rest, ...(bucket === '' ? {} : { bucket }), ...(region === '' ? {} : { region }) },
      })
      onClose()
      onCreated(dnaDbId)
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
      setSending(false)
    }
  }
  return (
    <Dialog title={texts.add} onClose={onClose}>
      <form class="dialog-body" onSubmit={submit}>
        <LibraryFields settings={settings} onChange={setSettings} isFolded />
        <Problem text={problem} />
        <DialogActions onClose={onClose}>
          <button type="submit" class="btn p" disabled={isSending || settings.name.trim() === ''}>
            {texts.create}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
