import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import type { VideoFolder } from './list-videos.ts'
import { type ScanRow, sortRows } from './scan-rows.ts'

/** Maximum number of skipped files to name. */
const NAMES_MAX = 10

/** Prints a line for the user on stderr, because stdout is for results. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

export type ScanOutput = {
  write(rows: readonly ScanRow[]): Promise<void>
  /** Removes an unfinished file. */
  close(): Promise<void>
}

/**
 * Opens the file of a scan's rows. Creates a draft under another name at once, so that an unwritable path fails now
 * instead of after an hour of work, and an existing file stays intact until the new one is complete.
 */
export async function openScanOutput(path: string): Promise<ScanOutput> {
  const draft = `${path}.part`
  const older = await stat(path).catch(() => null)
  if (older?.isDirectory()) throw new Fault('InvalidArgument', `${path} is a folder. Name a file in it.`)
  // The error must name the user's file, not the draft.
  await writeFile(draft, '').catch((error: Error) => Promise.reject(Object.assign(error, { path })))
  return {
    write: async (unsorted) => {
      const rows = sortRows(unsorted)
      await writeFile(draft, `${JSON.stringify(rows, null, 1)}\n`)
      await rename(draft, path)
      const pairs = new Set(rows.map((row) => `${row.query}\n${row.ref}`)).size
      const found = `${rows.length} ${rows.length === 1 ? 'passage' : 'passages'}`
      tell(`${found} in ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of videos: ${path}`)
    },
    close: () => rm(draft, { force: true }),
  }
}

/** Lists files that are not videos. Returns whether a subfolder could not be read. */
export function tellSkipped({ folder, others, unlisted }: VideoFolder): boolean {
  for (const name of unlisted)
    tell(`Cannot read ${name}: no permission to list the folder. Grant read access to it.`)
  if (others.length > 0) {
    const named = others.slice(0, NAMES_MAX).join(', ')
    const more = others.length > NAMES_MAX ? ` and ${others.length - NAMES_MAX} more` : ''
    tell(`Skipped files in ${folder} that are not videos: ${named}${more}`)
  }
  return unlisted.length > 0
}
