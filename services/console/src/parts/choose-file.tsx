import type { AdminRouteName } from '@kinoprint/contract'
import { useRef } from 'preact/hooks'
import { needs } from '../api/role.ts'

/** A button that opens the browser's file dialog. The field itself is hidden; the same file may be chosen again. */
export function ChooseFile({
  label,
  accept,
  route,
  onChoose,
}: {
  readonly label: string
  /** As `accept` of a file field. */
  readonly accept: string
  /** What the file is for: without the role for it, the button is disabled. */
  readonly route: AdminRouteName
  readonly onChoose: (file: File | undefined) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class="btn" onClick={() => field.current?.click()} {...needs(route)}>
        {label}
      </button>
      <input
        ref={field}
        type="file"
        class="sr"
        tabIndex={-1}
        accept={accept}
        aria-label={label}
        {...needs(route)}
        onChange={(event) => {
          onChoose(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}
