/** One benchmark: measures, and gives back what goes into its table and its JSON. */
export type Bench = (options: BenchOptions) => Promise<BenchReport>
export type BenchOptions = { readonly say: (line: string) => void }
export type BenchReport = {
  readonly name: string
  readonly rows: readonly Readonly<Record<string, string | number>>[]
}

/** A Markdown table: the first row's keys are the columns. */
export function table(rows: BenchReport['rows']): string {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')))
  return line(columns) + line(columns.map(() => '---')) + body.join('')
}
