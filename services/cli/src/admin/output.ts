import { visible } from '../output/visible.ts'

/** Writes a line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Writes a value as indented JSON, for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** Rows as aligned columns, for people. */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const lines = [header, ...rows.map((row) => row.map((cell) => visible(String(cell))))]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const aligned = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
  return aligned.map((line) => line.join('  ').trimEnd()).join('\n')
}
