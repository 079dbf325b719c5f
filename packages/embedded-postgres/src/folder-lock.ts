import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, Fault } from '@kinoprint/core'
import lockfile from 'proper-lockfile'

export type FolderLock = { readonly release: () => Promise<void> }

/** Flag of open(2) on macOS that takes flock's exclusive lock with the file (sys/fcntl.h, O_EXLOCK). */
const O_EXLOCK = 0x20
/** Without flock(1), a lock whose process was killed counts as released after this time. */
const STALE_MS = 5_000

/**
 * Locks a data folder, because PGlite does not and a second opener would destroy the database. Uses the kernel's flock
 * if available: it ends with its process, so that a restart after kill -9 neither waits nor guesses. Throws Fault
 * Conflict with the holder's process id if the folder is locked.
 */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  const path = join(dataDir, 'lock')
  const file = await openLocked(path).catch(async (error: unknown) => {
    if (['EAGAIN', 'EWOULDBLOCK'].includes(errorCode(error))) throw await inUse(dataDir, path)
    throw error
  })
  const outcome = process.platform === 'darwin' ? 'locked' : await flock(file)
  if (outcome === 'busy') {
    await file.close()
    throw await inUse(dataDir, path)
  }
  const release =
    outcome === 'missing'
      ? await lockByFile(dataDir, path).catch(async (error: unknown) => {
          await file.close()
          throw error
        })
      : async () => {}
  await file.truncate(0)
  await file.write(`${process.pid}\n`, 0)
  return {
    release: async () => {
      await release()
      // The file is kept: if it were deleted, two processes could lock two files of the same name.
      await file.close()
    },
  }
}

function openLocked(path: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NONBLOCK } = constants
  return open(
    path,
    process.platform === 'darwin' ? O_RDWR | O_CREAT | O_NONBLOCK | O_EXLOCK : O_RDWR | O_CREAT,
    0o600,
  )
}

/**
 * Node.js has no flock call, but flock(1) locks the open file that it inherits. The lock belongs to that open file: it
 * outlives the command and ends when this process closes the file or dies.
 */
function flock(file: FileHandle): Promise<'locked' | 'busy' | 'missing'> {
  return new Promise((resolve) => {
    const child = spawn('flock', ['--exclusive', '--nonblock', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', file.fd],
    })
    child.once('error', () => resolve('missing'))
    child.once('exit', (exitCode) => resolve(exitCode === 0 ? 'locked' : 'busy'))
  })
}

function lockByFile(dataDir: string, path: string): Promise<() => Promise<void>> {
  return lockfile
    .lock(path, {
      stale: STALE_MS,
      update: STALE_MS / 5,
      retries: { retries: 12, minTimeout: 500, factor: 1 },
    })
    .catch(async () => {
      throw await inUse(dataDir, path)
    })
}

async function inUse(dataDir: string, path: string): Promise<Fault> {
  const file = await open(path, 'r')
  const holderPid = (await file.readFile('utf8')).trim()
  await file.close()
  return new Fault(
    'Conflict',
    `The data folder ${dataDir} is in use by process ${holderPid || 'of unknown id'}. Stop that process, or choose another DATA_DIR.`,
    { details: { holderPid } },
  )
}
