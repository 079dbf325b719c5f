import { constants } from 'node:fs'
import { access, chmod, copyFile, lstat, mkdir, mkdtemp, rename, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

type Installer = { readonly default: { readonly path: string } }

/** On a machine without a matching build, the packages throw while they are imported. */
const installers = {
  ffmpeg: async (): Promise<Installer> => import('@ffmpeg-installer/ffmpeg'),
  ffprobe: async (): Promise<Installer> => import('@ffprobe-installer/ffprobe'),
} as const

/** Path of the program that npm installed, made executable. Throws if npm has no build for this machine. */
export async function bundledTool(name: keyof typeof installers): Promise<string> {
  const installer = await installers[name]()
  return makeExecutable(installer.default.path)
}

/**
 * The packages set the file mode in an install script, which npm may have skipped. If the folder is not writable (a
 * read-only image, another owner), a private copy in the temporary folder is used.
 */
export async function makeExecutable(path: string, temporaryDir: string = tmpdir()): Promise<string> {
  if (await isExecutable(path)) return path
  try {
    await chmod(path, 0o755)
  } catch {
    return copyExecutable(path, temporaryDir)
  }
  return (await isExecutable(path)) ? path : copyExecutable(path, temporaryDir)
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Copies a program into a private folder and makes it executable. Later starts by the same user reuse the copy. */
export async function copyExecutable(path: string, temporaryDir: string): Promise<string> {
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

/** A predictable name in a shared temporary folder is trusted only if no other user can have placed a program there. */
async function privateFolder(temporaryDir: string): Promise<string> {
  const uid = process.getuid?.() ?? 0
  const folder = join(temporaryDir, `kinoprint-tools-${uid}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const state = await lstat(folder)
  const isPrivate = state.isDirectory() && state.uid === uid && (state.mode & 0o077) === 0
  return isPrivate ? folder : mkdtemp(join(temporaryDir, 'kinoprint-tools-'))
}
