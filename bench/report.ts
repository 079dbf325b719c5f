/** A benchmark: measures and returns the content of its table and JSON file. */
export type Bench = (options: BenchOptions) => Promise<BenchReport>
export type BenchOptions = {
  readonly print: (line: string) => void
  /** Options after the name of the benchmark. */
  readonly flags: Readonly<Record<string, string | undefined>>
}
export type BenchReport = {
  readonly name: string
  readonly rows: Rows
  /** Additional tables, by heading. */
  readonly more?: Readonly<Record<string, Rows>>
  /** Written only to the JSON file. */
  readonly details?: unknown
}
export type Row = Readonly<Record<string, string | number>>
type Rows = readonly Row[]

/** A Markdown table. The keys of the first row are the columns. */
export function table(rows: Rows): string {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')))
  return line(columns) + line(columns.map(() => '---')) + body.join('')
}
