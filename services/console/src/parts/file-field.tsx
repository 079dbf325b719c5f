import type { AdminRouteName } from '@kinoprint/contract'
import { Upload } from 'lucide'
import { bytesText } from '../format/format.ts'
import { searchTexts } from '../pages/search/search-texts.ts'
import { ChooseFile } from './choose-file.tsx'
import { Icon } from './icon.tsx'
import { ObjectName } from './object-name.tsx'

/** Chooses one MP4 file, or shows the chosen one. What is dropped is up to the element around it. */
export function FileField({
  file,
  hint,
  route,
  onChange,
}: {
  readonly file: File | null
  readonly hint: string
  /** What the file is for. */
  readonly route: AdminRouteName
  readonly onChange: (file: File | null) => void
}) {
  const texts = searchTexts.value
  return (
    <div class="drop row wrap">
      <Icon of={Upload} />
      {file === null ? (
        <span class="q">{hint}</span>
      ) : (
        <span class="row name">
          <ObjectName name={file.name} />
          <span class="q nw">{bytesText(file.size)}</span>
        </span>
      )}
      {file !== null && (
        <button type="button" class="btn gh" onClick={() => onChange(null)}>
          {texts.remove}
        </button>
      )}
      <ChooseFile
        label={texts.choose}
        route={route}
        accept="video/mp4,.mp4,.m4v,.mov"
        onChoose={(chosen) => onChange(chosen ?? null)}
      />
    </div>
  )
}
