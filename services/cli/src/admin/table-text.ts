/** Rows as columns of equal width, for people; `--json` is for programs. */
export const tableText = (
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => {
  const lines = [header, ...rows.map((row) => row.map(String))]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
