/** Start and end of one passage in both files, in seconds. */
type Passage = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** One file as a line of `columns` characters: each passage repeats its letter, the rest is dots. A picture has no length. */
function line(
  spans: readonly (readonly [number, number])[],
  durationSeconds: number,
  columns: number,
): string {
  const cells = Array.from({ length: columns }, () => '.')
  for (const [index, [start, end]] of spans.entries()) {
    if (durationSeconds === 0) return (letters[index % letters.length] ?? '?').repeat(columns)
    const first = Math.min(columns - 1, Math.floor((start / durationSeconds) * columns))
    const last = Math.max(first, Math.min(columns, Math.ceil((end / durationSeconds) * columns)) - 1)
    cells.fill(letters[index % letters.length] ?? '?', first, last + 1)
  }
  return cells.join('')
}

/** Both files drawn one above the other at full length; equal letters mark the same passage. */
export function segmentPicture(
  passages: readonly Passage[],
  { seconds, columns }: { seconds: { a: number; b: number }; columns: number },
): string[] {
  return [
    `  A |${line(
      passages.map((one) => [one.queryStart, one.queryEnd] as const),
      seconds.a,
      columns,
    )}|`,
    `  B |${line(
      passages.map((one) => [one.refStart, one.refEnd] as const),
      seconds.b,
      columns,
    )}|`,
  ]
}
