import { faultAt, type TextFile } from './text-file.ts'

/** A row of values, with its line in the file from 1. */
export type CsvRow = { readonly line: number; readonly values: readonly string[] }

/** The rows of a CSV file without line breaks in fields. Blank lines are skipped; quotes around a value are removed. */
export function csvRows({ text }: TextFile): CsvRow[] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    if (content.trim() === '') return []
    const values = content.split(',').map((value) => value.trim().replace(/^"(.*)"$/, '$1'))
    return [{ line: index + 1, values }]
  })
}

/** A row whose values are read by column name. */
export type Record = {
  readonly line: number
  /** Whether the file has the column. */
  readonly has: (column: string) => boolean
  readonly text: (column: string) => string
  /** Throws if the value is not a finite number. */
  readonly number: (column: string) => number
}

/** The rows below the header, whose columns may have any order. Throws if a column of `required` is missing. */
export function csvRecords(file: TextFile, required: readonly string[]): Record[] {
  const [header, ...rows] = csvRows(file)
  const columns = header?.values ?? []
  const missing = required.filter((column) => !columns.includes(column))
  if (missing.length > 0)
    throw faultAt(file.path, header?.line ?? 1, `the header has no column ${missing.join(', ')}.`)
  return rows.map(({ line, values }) => {
    if (values.length !== columns.length)
      throw faultAt(file.path, line, `${values.length} values, but the header has ${columns.length} columns.`)
    const text = (column: string) => values[columns.indexOf(column)] ?? ''
    return {
      line,
      has: (column) => columns.includes(column),
      text,
      number: (column) => numberOf(text(column), { path: file.path, line, name: column }),
    }
  })
}

export type Where = { readonly path: string; readonly line: number; readonly name: string }

/** Throws if the text is not a finite number. */
export function numberOf(text: string, { path, line, name }: Where): number {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value))
    throw faultAt(path, line, `${name} is "${text}", which is not a number.`)
  return value
}
