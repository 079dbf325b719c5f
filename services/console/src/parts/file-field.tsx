import { Upload } from 'lucide'
import { useRef } from 'preact/hooks'
import { bytesText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'
import { ObjectName } from './object-name.tsx'

/** Chooses one MP4 file, or shows the chosen one. What is dropped is up to the element around it. */
export function FileField({
  file,
  hint,
  onChange,
}: {
  readonly file: File | null
  readonly hint: string
  readonly onChange: (file: File | null) => void
}) {
  const texts = messages.value.search
  const field = useRef<HTMLInputElement>(null)
  return (
    <div class="drop row wrap">
      <Icon of={Upload} />
      {file === null ? (
        <span class="q">{hint}</span>
      ) : (
        <span class="row">
          <ObjectName name={file.name} />
          <span class="q nw">{bytesText(file.size)}</span>
        </span>
      )}
      <span class="sp" />
      {file !== null && (
        <button type="button" class="btn gh" onClick={() => onChange(null)}>
          {texts.remove}
        </button>
      )}
      <button type="button" class="btn" onClick={() => field.current?.click()}>
        {texts.choose}
      </button>
      <input
        ref={field}
        type="file"
        class="sr"
        tabIndex={-1}
        accept="video/mp4,.mp4,.m4v,.mov"
        aria-label={texts.choose}
        onChange={(event) => {
          onChange(event.currentTarget.files?.[0] ?? null)
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}
