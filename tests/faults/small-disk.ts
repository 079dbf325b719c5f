import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A folder for temporary files, on a small file system if this user may mount one. */
export type SmallDisk = {
  readonly path: string
  /** False if nothing could be mounted. The folder must then not be filled. */
  readonly ownDisk: boolean
  /** Fills the disk. */
  fill(): void
  empty(): void
  close(): void
}

const SIZE_MIB = 32
const CHUNK = Buffer.alloc(1 << 16)

export function openSmallDisk(path: string, { sizeMib = SIZE_MIB } = {}): SmallDisk {
  mkdirSync(path)
  const ballast = join(path, 'ballast')
  const ownDisk = mount(path, sizeMib)
  return {
    path,
    ownDisk,
    fill: () => {
      if (!ownDisk) throw new Error('Only a mounted disk may be filled.')
      writeUntilFull(ballast)
    },
    empty: () => rmSync(ballast, { force: true }),
    close: () => {
      if (ownDisk) execFileSync('umount', ['--lazy', path])
    },
  }
}

function mount(path: string, sizeMib: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'kinoprint-faults', path], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

function writeUntilFull(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (;;) if (writeSync(file, CHUNK) < CHUNK.length) break
    for (;;) writeSync(file, CHUNK, 0, 1)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}
