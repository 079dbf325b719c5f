import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import type { VideoFolder } from './list-videos.ts'
import { type ScanRow, sortRows } from './scan-rows.ts'

/** Names of left-out files that are written one by one. */
const NAMES_MAX = 10

/** A line for the user; on stderr, because stdout is for results. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`)

export type ScanOutput = {
  write(rows: readonly ScanRow[]): Promise<void>
  /** Removes what is not finished. */
  close(): Promise<void>
}

/**
 * The file of a scan's rows. It is begun under another name, so that a path that cannot be written is found out now
 * and not after an hour of work, and an older file stays whole until the new one is.
 */
export const openScanOutput = async (path: string): Promise<ScanOutput> => {
  const draft = `${path}.part`
  const older = await stat(path).catch(() => null)
  if (older?.isDirectory()) throw new Fault('InvalidArgument', `${path} is a folder. Name a file in it.`)
  // An error names the file that the user named, not the draft.
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

/** Names what a folder holds beside videos. Answers whether a part of it could not be read. */
export const tellLeftOut = ({ folder, others, closed }: VideoFolder): boolean => {
  for (const name of closed) tell(`cannot read ${name}: this user may not list the folder.`)
  if (others.length > 0) {
    const named = others.slice(0, NAMES_MAX).join(', ')
    const more = others.length > NAMES_MAX ? ` and ${others.length - NAMES_MAX} more` : ''
    tell(`Left out of ${folder}, no video by its name: ${named}${more}`)
  }
  return closed.length > 0
}
