export type CsvCell = string | number | boolean | null | undefined

/** Rows as CSV (RFC 4180). Nothing in it is a formula for a spreadsheet: names and notes come from others. */
export function csvOf(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('')
}

/** Text that spreadsheets would read as a formula begins with an apostrophe, as OWASP recommends. */
function quote(value: CsvCell): string {
  if (typeof value !== 'string') return String(value ?? '')
  const safe = /^\s*[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe
}
