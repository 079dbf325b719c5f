/** One benchmark: measures, and gives back what goes into its table and its JSON. */
export type Bench = (options: BenchOptions) => Promise<BenchReport>
export type BenchOptions = {
  readonly say: (line: string) => void
  /** Options of this benchmark alone, as given after its name. */
  readonly flags: Readonly<Record<string, string | undefined>>
}
export type BenchReport = {
  readonly name: string
  readonly rows: Rows
  /** Further tables under their headings. */
  readonly more?: Readonly<Record<string, Rows>>
  /** For the JSON only. */
  readonly details?: unknown
}
export type Row = Readonly<Record<string, string | number>>
type Rows = readonly Row[]

/** A Markdown table: the first row's keys are the columns. */
export function table(rows: Rows): string {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')))
  return line(columns) + line(columns.map(() => '---')) + body.join('')
}
