import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { heldTexts } from '../../matching/held-texts.ts'
import { messages } from '../../messages/messages.ts'
import { Problem } from '../../parts/problem.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { showToast } from '../../parts/toast.tsx'
import { DeleteLibrary } from '../libraries/delete-library.tsx'
import { LibraryFields, type LibrarySettings } from '../libraries/library-fields.tsx'
import { LibraryCallback } from './library-callback.tsx'
import { libraryTexts } from './library-texts.ts'
import { PolicyFields } from './policy-fields.tsx'
import { PolicyPreview } from './policy-preview.tsx'
import { policyTexts } from './policy-texts.ts'

/** The settings of a library, with what a changed policy would have done, deleting it, and its callbacks. */
export function LibrarySettingsTab({
  library,
  reload,
}: {
  readonly library: RouteAnswer<'getLibrary'>
  readonly reload: () => void
}) {
  const texts = libraryTexts.value
  const { route } = useLocation()
  const {
    dnaDbId,
    name,
    description,
    capacity,
    bucket,
    region,
    minSimilar,
    detectOnStore,
    storeDetail,
    store,
  } = library
  const [settings, setSettings] = useState<LibrarySettings>({
    name,
    description,
    capacity,
    bucket,
    region,
    minSimilar,
    detectOnStore,
    storeDetail,
    store,
  })
  const [policy, setPolicy] = useState(library.policy)
  const [suppressDismissed, setSuppressDismissed] = useState(library.suppressDismissed)
  const [floodGuard, setFloodGuard] = useState(library.floodGuard)
  const [problem, setProblem] = useState('')
  const [isDeleting, setDeleting] = useState(false)
  const save = async (event: Event) => {
    event.preventDefault()
    try {
      await api.updateLibrary({
        params: { dnaDbId },
        body: { ...settings, suppressDismissed, floodGuard, policy },
      })
      showToast({ text: texts.saved })
      reload()
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  return (
    <>
      <form class="card settings-form" aria-label={texts.settings} onSubmit={save}>
        <RoleNote route="updateLibrary" />
        <LibraryFields settings={settings} onChange={setSettings} />
        <PolicyFields policy={policy} onChange={setPolicy} />
        <label class="row">
          <input
            type="checkbox"
            checked={suppressDismissed}
            onChange={(event) => setSuppressDismissed(event.currentTarget.checked)}
          />
          {policyTexts.value.suppressDismissed}
        </label>
        <label class="row">
          <input
            type="checkbox"
            checked={floodGuard}
            onChange={(event) => setFloodGuard(event.currentTarget.checked)}
          />
          {heldTexts.value.guard}
        </label>
        <PolicyPreview dnaDbId={dnaDbId} policy={policy} />
        <Problem text={problem} />
        <div class="row wrap actions">
          <button type="submit" class="btn p" {...needs('updateLibrary')}>
            {messages.value.parts.save}
          </button>
          <span class="sp" />
          <button
            type="button"
            class="btn danger"
            onClick={() => setDeleting(true)}
            {...needs('deleteLibrary')}
          >
            {texts.deleteLibrary}
          </button>
        </div>
        {isDeleting && (
          <DeleteLibrary
            library={library}
            onClose={() => setDeleting(false)}
            onDeleted={() => route('/console/libraries')}
          />
        )}
      </form>
      <LibraryCallback {...{ library, reload }} />
    </>
  )
}
