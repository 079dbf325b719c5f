import { ChevronDown, X } from 'lucide'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'

export type Choice = { readonly value: string; readonly label: string }

/** A filter of a list: "Library" until one is chosen, then "Library: Trailers" with a button that clears it. */
export function FilterChip({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly choices: readonly Choice[]
  readonly onChange: (value: string) => void
}) {
  const texts = messages.value.parts
  const chosen = choices.find((choice) => choice.value === value)
  const shown = chosen?.label ?? value
  return (
    <span class={value === '' ? 'chip' : 'chip on'}>
      <label class="chip-label" title={value === '' ? label : `${label}: ${shown}`}>
        <span class="el" dir="auto">
          {value === '' ? label : `${label}: ${shown}`}
        </span>
        {value === '' && <Icon of={ChevronDown} size="s" />}
        <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{texts.all}</option>
          {value !== '' && chosen === undefined && <option value={value}>{value}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      </label>
      {value !== '' && (
        <button type="button" class="chip-clear" aria-label={texts.clear(label)} onClick={() => onChange('')}>
          <Icon of={X} size="s" />
        </button>
      )}
    </span>
  )
}
