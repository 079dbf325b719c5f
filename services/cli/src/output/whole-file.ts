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
 * path fails now instead of after the work. What is no regular file, such as a pipe or /dev/null, is written directly: a
 * rename would replace it.
 */
export async function openWholeFile(path: string): Promise<WholeFile> {
  const older = await stat(path).catch(() => null)
  const isDevice = older !== null && !older.isFile()
  const draft = isDevice ? path : `${path}.part`
  if (older?.isDirectory()) throw new Fault('InvalidArgument', `${path} is a folder. Name a file in it.`)
  // A device or a pipe is written, not replaced.
  if (older !== null && !older.isFile())
    return { write: (bytes) => writeFile(path, bytes), close: async () => undefined }
  // The error must name the user's file, not the draft.
  const fail = (error: Error): never => {
    throw systemFault(Object.assign(error, { path }))
  }
  if (!isDevice) await writeFile(draft, '').catch(fail)
  return {
    write: async (bytes) => {
      await writeFile(draft, bytes).catch(fail)
      if (!isDevice) await rename(draft, path).catch(fail)
    },
    close: async () => {
      if (!isDevice) await rm(draft, { force: true })
    },
  }
}
