import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { systemFault } from '../file-fault.ts'

export type WholeFile = {
  write(bytes: Uint8Array | string): Promise<void>
  /** Removes an unfinished file. */
  close(): Promise<void>
}

/**
 * Opens a file that appears only when it is complete. Creates a draft under another name at once, so that an unwritable
 * path fails now instead of after the work.
 */
export async function openWholeFile(path: string): Promise<WholeFile> {
  const draft = `${path}.part`
  const older = await stat(path).catch(() => null)
  if (older?.isDirectory()) throw new Fault('InvalidArgument', `${path} is a folder. Name a file in it.`)
  // The error must name the user's file, not the draft.
  const fail = (error: Error): never => {
    throw systemFault(Object.assign(error, { path }))
  }
  await writeFile(draft, '').catch(fail)
  return {
    write: async (bytes) => {
      await writeFile(draft, bytes).catch(fail)
      await rename(draft, path).catch(fail)
    },
    close: () => rm(draft, { force: true }),
  }
}
