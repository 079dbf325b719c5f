import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import lockfile from 'proper-lockfile'

export type FolderLock = { readonly release: () => Promise<void> }

/** macOS's own flag to open(2): take flock's exclusive lock at once (sys/fcntl.h, O_EXLOCK). */
const O_EXLOCK = 0x20
/** Only without flock(1): a holder that was killed is known dead after this time. */
const STALE_MS = 5_000

/**
 * Keeps a second process (or a second open in this one) from the embedded database's folder, which PGlite
 * itself does not and which would destroy it. The lock is the kernel's own flock where there is one: it ends
 * with its process, however that ends, so that a restart after kill -9 need not wait or guess.
 */
export const lockFolder = async (dataDir: string): Promise<FolderLock> => {
  const path = join(dataDir, 'lock')
  const file = await openLocked(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EAGAIN' || error.code === 'EWOULDBLOCK') throw await inUse(dataDir, path)
    throw error
  })
  const taken = process.platform === 'darwin' ? 'held' : await flock(file)
  if (taken === 'busy') {
    await file.close()
    throw await inUse(dataDir, path)
  }
  const release = taken === 'missing' ? await lockByFile(dataDir, path) : async () => {}
  await file.truncate(0)
  await file.write(`${process.pid}\n`, 0)
  return {
    release: async () => {
      await release()
      // The file stays: deleting it would let two processes lock two files of one name.
      await file.close()
    },
  }
}

const openLocked = (path: string): Promise<FileHandle> => {
  const { O_RDWR, O_CREAT, O_NONBLOCK } = constants
  return open(
    path,
    process.platform === 'darwin' ? O_RDWR | O_CREAT | O_NONBLOCK | O_EXLOCK : O_RDWR | O_CREAT,
    0o600,
  )
}

/**
 * Node cannot call flock, but flock(1) locks the open file that it inherits, and such a lock belongs to that
 * open file: it outlives the little process and ends when ours closes it or dies.
 */
const flock = (file: FileHandle): Promise<'held' | 'busy' | 'missing'> =>
  new Promise((resolve) => {
    const child = spawn('flock', ['--exclusive', '--nonblock', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', file.fd],
    })
    child.once('error', () => resolve('missing'))
    child.once('exit', (code) => resolve(code === 0 ? 'held' : 'busy'))
  })

const lockByFile = async (dataDir: string, path: string): Promise<() => Promise<void>> =>
  lockfile
    .lock(path, {
      stale: STALE_MS,
      update: STALE_MS / 5,
      retries: { retries: 12, minTimeout: 500, factor: 1 },
    })
    .catch(async () => {
      throw await inUse(dataDir, path)
    })

const inUse = async (dataDir: string, path: string): Promise<Fault> => {
  const file = await open(path, 'r')
  const holder = (await file.readFile('utf8')).trim()
  await file.close()
  return new Fault(
    'Conflict',
    `The data folder ${dataDir} is in use by process ${holder || 'of unknown id'}. Stop that process, or choose another DATA_DIR.`,
    { details: { holderPid: holder } },
  )
}
