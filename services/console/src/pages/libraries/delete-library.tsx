import type { RouteAnswer } from '@kinoprint/contract'
import { api } from '../../api/client.ts'
import { numberText } from '../../format/format.ts'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { showToast } from '../../parts/toast.tsx'
import { librariesTexts } from './libraries-texts.ts'

/** Asks before a library is deleted: for its name where it holds videos. */
export function DeleteLibrary({
  library,
  onClose,
  onDeleted,
}: {
  readonly library: RouteAnswer<'getLibrary'>
  readonly onClose: () => void
  readonly onDeleted: () => void
}) {
  const texts = librariesTexts.value
  const { dnaDbId, name, videoCount } = library
  return (
    <ConfirmByName
      title={texts.deleteTitle(name)}
      name={videoCount > 0 ? name : undefined}
      action={texts.delete}
      onClose={onClose}
      run={async () => {
        await api.deleteLibrary({ params: { dnaDbId }, query: { force: videoCount > 0 } })
        showToast({ text: texts.deleted(name) })
        onDeleted()
      }}
    >
      <p>{videoCount === 0 ? texts.deleteEmpty : texts.deleteText(numberText(videoCount))}</p>
    </ConfirmByName>
  )
}
