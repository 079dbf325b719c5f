import { useRef } from 'preact/hooks'

/** A button that opens the browser's file dialog. The field itself is hidden; the same file may be chosen again. */
export function ChooseFile({
  label,
  accept,
  onChoose,
}: {
  readonly label: string
  /** As `accept` of a file field. */
  readonly accept: string
  readonly onChoose: (file: File | undefined) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class="btn" onClick={() => field.current?.click()}>
        {label}
      </button>
      <input
        ref={field}
        type="file"
        class="sr"
        tabIndex={-1}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          onChoose(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}
