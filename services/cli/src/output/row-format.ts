import { extname } from 'node:path'
import { type CsvCell, csvOf } from '@kinoprint/core'

/** The formats of a command's rows: one JSON array, one JSON object a line, or CSV (RFC 4180) with a header. */
export const rowFormats = ['json', 'jsonl', 'csv'] as const
export type RowFormat = (typeof rowFormats)[number]

const byExtension: Readonly<Record<string, RowFormat>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
}

/** The given format, or else the one that the extension of the output file names. Default: JSON. */
export function rowFormatOf(path: string | undefined, given: RowFormat | undefined): RowFormat {
  return given ?? byExtension[extname(path ?? '').toLowerCase()] ?? 'json'
}

type Row = Readonly<Record<string, unknown>>

/** The text of rows in a format. CSV has the given columns only. */
export function formatRows(
  rows: readonly Row[],
  { format, columns }: { readonly format: RowFormat; readonly columns: readonly string[] },
): string {
  if (format === 'json') return `${JSON.stringify(rows, null, 1)}\n`
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return csvOf([columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))])
}

function cellOf(value: unknown): CsvCell {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as CsvCell)
}
