/** A bar that is filled to a fraction of 0..1; `tone` is `warn` for one that is nearly full. */
export function Bar({
  value,
  label,
  tone,
}: {
  readonly value: number
  readonly label: string
  readonly tone?: 'warn' | undefined
}) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div
      class={tone === undefined ? 'bar' : `bar ${tone}`}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${percent}%` }} />
    </div>
  )
}
