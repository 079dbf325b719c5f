/** A labelled number. An empty field is NaN. */
export function NumberField({
  label,
  hint,
  value,
  range: [min, max],
  step = 1,
  onChange,
}: {
  readonly label: string
  readonly hint?: string
  readonly value: number
  /** Least and greatest value; NaN for none. */
  readonly range: readonly [least: number, greatest: number]
  readonly step?: number
  readonly onChange: (value: number) => void
}) {
  return (
    <label class="field">
      <span class="cap">{label}</span>
      <span class="in-field">
        <input
          type="number"
          value={Number.isNaN(value) ? '' : value}
          {...(Number.isNaN(min) ? {} : { min })}
          {...(Number.isNaN(max) ? {} : { max })}
          step={step}
          required
          onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
        />
      </span>
      {hint !== undefined && <span class="sm qq">{hint}</span>}
    </label>
  )
}
