import { constants } from 'node:fs'
import { access, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { copyRunnable } from './copy-runnable.ts'

type Installer = { readonly default: { readonly path: string } }

/** The packages throw while they are loaded on a machine that they have no build for. */
const load = {
  ffmpeg: async (): Promise<Installer> => import('@ffmpeg-installer/ffmpeg'),
  ffprobe: async (): Promise<Installer> => import('@ffprobe-installer/ffprobe'),
} as const

/** Path of the program that the npm package carries, made runnable. */
export const packagedTool = async (name: keyof typeof load): Promise<string> => {
  const installer = await load[name]()
  return makeRunnable(installer.default.path)
}

/**
 * The packages set the mode in an install script, which npm may have left out. Where the folder cannot be
 * written (a read-only image, another owner), a private copy in the temporary folder is run instead.
 */
export const makeRunnable = async (path: string, temporaryDir: string = tmpdir()): Promise<string> => {
  if (await isRunnable(path)) return path
  try {
    await chmod(path, 0o755)
  } catch {
    return copyRunnable(path, temporaryDir)
  }
  return (await isRunnable(path)) ? path : copyRunnable(path, temporaryDir)
}

const isRunnable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
