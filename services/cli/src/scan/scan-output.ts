import { join } from 'node:path'
import { UNLISTED, type VideoFolder } from '../files/list-videos.ts'
import { openOutput } from '../output/open-output.ts'
import { formatRows, type RowFormat, rowFormatOf } from '../output/row-format.ts'
import { visible } from '../output/visible.ts'
import { type ScanRow, scanColumns, sortRows } from './scan-rows.ts'

/** Prints a line for the user on stderr, because stdout is for results. */
export function tell(line: string): void {
  process.stderr.write(`${visible(line)}\n`)
}

export type ScanOutput = {
  /** What messages call the file of the rows. */
  readonly name: string
  write(rows: readonly ScanRow[]): Promise<void>
  /** Removes an unfinished file. */
  close(): Promise<void>
}

/** Opens the file of a scan's rows, or standard output for `-`. */
export async function openScanOutput(path: string, given: RowFormat | undefined): Promise<ScanOutput> {
  const format = rowFormatOf(path, given)
  const { name, write, close } = await openOutput(path)
  return {
    name,
    write: async (unsorted) => {
      const rows = sortRows(unsorted)
      await write(formatRows(rows, { format, columns: scanColumns }))
      const pairs = new Set(rows.map((row) => `${row.query}\n${row.ref}`)).size
      const found = `${rows.length} ${rows.length === 1 ? 'passage' : 'passages'}`
      tell(`${found} in ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of videos: ${name}`)
    },
    close,
  }
}

/** Lists once every file that is not read, with the reason. Returns whether a subfolder could not be read. */
export function tellSkipped(folders: readonly VideoFolder[]): boolean {
  const lines = folders.flatMap(({ folder, skipped, unlisted }) => [
    ...unlisted.map((name) => `Cannot read ${join(folder, name)}: ${UNLISTED}`),
    ...skipped.map(({ name, reason }) => `Skipped ${join(folder, name)}: ${reason}.`),
  ])
  for (const line of new Set(lines)) tell(line)
  return folders.some(({ unlisted }) => unlisted.length > 0)
}
