import { chmod, copyFile, lstat, mkdir, mkdtemp, rename, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Copies a program where it may be run; the copy is kept for the next start of the same user. */
export const copyRunnable = async (path: string, temporaryDir: string): Promise<string> => {
  const { size, mtimeMs } = await stat(path)
  const folder = await privateFolder(temporaryDir)
  const target = join(folder, `${basename(path)}-${size}-${Math.floor(mtimeMs)}`)
  const existing = await stat(target).catch(() => undefined)
  if (existing?.size === size) return target
  const partial = `${target}.${process.pid}`
  await copyFile(path, partial)
  await chmod(partial, 0o700)
  await rename(partial, target)
  return target
}

/** A known name in a shared temporary folder is run only if nobody else can have put a program there. */
const privateFolder = async (temporaryDir: string): Promise<string> => {
  const uid = process.getuid?.() ?? 0
  const folder = join(temporaryDir, `kinoprint-tools-${uid}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const state = await lstat(folder)
  const ours = state.isDirectory() && state.uid === uid && (state.mode & 0o077) === 0
  return ours ? folder : mkdtemp(join(temporaryDir, 'kinoprint-tools-'))
}
