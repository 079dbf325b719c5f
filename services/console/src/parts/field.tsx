/** A labelled text field. */
export function Field({
  label,
  hint,
  value,
  onChange,
  maxLength = 256,
  isRequired = false,
}: {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly maxLength?: number
  readonly isRequired?: boolean
}) {
  return (
    <label class="field">
      <span class="cap">{label}</span>
      <span class="in-field">
        <input
          dir="auto"
          value={value}
          maxLength={maxLength}
          required={isRequired}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </span>
      {hint !== undefined && <span class="sm qq">{hint}</span>}
    </label>
  )
}
