import { Search } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'

const PAUSE_MS = 250

/** The search of a page, which the key `/` focuses. `onChange` follows typing after a short pause. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(value)
  useEffect(() => {
    // The address changed without typing, e.g. by "clear": the field follows, but never over what is being typed.
    if (value !== sent.current) setText(value)
    sent.current = value
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const send = (next: string) => {
    clearTimeout(timer.current)
    sent.current = next
    onChange(next)
  }
  return (
    <label class="in-field search">
      <Icon of={Search} />
      <span class="sr">{label}</span>
      <input
        type="search"
        placeholder={label}
        value={text}
        spellcheck={false}
        autocomplete="off"
        maxLength={256}
        aria-keyshortcuts="/"
        data-search=""
        onInput={(event) => {
          const next = event.currentTarget.value
          setText(next)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => send(next.trim()), PAUSE_MS)
        }}
        onKeyDown={(event) => {
          // What was typed just now is in the field before it is in the state.
          if (event.key === 'Enter') send(event.currentTarget.value.trim())
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <kbd class="hide-s">/</kbd>
    </label>
  )
}
