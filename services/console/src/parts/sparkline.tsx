const WIDTH = 96
const HEIGHT = 22

/** A line of values over time, with gaps where there are none. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly (number | null)[]
  /** Says the least and the most. */
  readonly label: (least: number, most: number) => string
}) {
  const known = values.filter((one) => one !== null)
  // Two values are no course.
  if (known.length < 3) return null
  const least = Math.min(...known)
  const most = Math.max(...known)
  const x = (at: number) => 1 + (at * (WIDTH - 2)) / Math.max(1, values.length - 1)
  const y = (value: number) => HEIGHT - 2 - ((value - least) / (most - least || 1)) * (HEIGHT - 4)
  const path = values
    .map((value, at) => {
      if (value === null) return ''
      return `${values[at - 1] == null ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join('')
  return (
    <svg class="spark" width={WIDTH} height={HEIGHT} role="img" aria-label={label(least, most)}>
      <path d={path} />
    </svg>
  )
}
