import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newTemporaryPath, sweepTemporaryFolder } from '@kinoprint/objects'

export type FileCacheOptions = {
  /** Created when the first file is added. */
  readonly folder: string
  /** When the files exceed it, the least recently used ones are removed. */
  readonly maxBytes: number
  /** Files that were not used for this long are removed. */
  readonly maxAgeMs: number
}

/** Files that can be made again, kept on disk. Several processes may share the folder. */
export type FileCache = {
  /** The path of a file, or null. Counts as a use. */
  find(name: string): Promise<string | null>
  /** Calls `write` with a temporary path and keeps what it wrote under the name. Returns the path. */
  add(name: string, write: (path: string) => Promise<void>): Promise<string>
  /** Removes what is too old or too much. Returns the number of files removed. */
  sweep(): Promise<number>
}

/** Sweeping reads the folder, so it happens once per this share of the limit. */
const SWEEP_SHARE = 0.1
/** What a sweep leaves of the limit. */
const KEPT_SHARE = 0.8
/** A use is recorded at most this often. */
const TOUCH_MS = 60_000

export function createFileCache({ folder, maxBytes, maxAgeMs }: FileCacheOptions): FileCache {
  const temporaryDir = join(folder, '.making')
  // The first addition sweeps: the folder may be full from an earlier process.
  let addedBytes = Number.POSITIVE_INFINITY
  const pathOf = (name: string): string => join(folder, name.slice(0, 2), name)

  async function sweep(): Promise<number> {
    addedBytes = 0
    await sweepTemporaryFolder(temporaryDir)
    const files = (await listFiles(folder)).sort((a, b) => b.usedMs - a.usedMs)
    const isFull = files.reduce((sum, { size }) => sum + size, 0) > maxBytes
    const limit = isFull ? KEPT_SHARE * maxBytes : maxBytes
    let kept = 0
    let removed = 0
    for (const { path, size, usedMs } of files) {
      kept += size
      if (kept <= limit && Date.now() - usedMs <= maxAgeMs) continue
      await rm(path, { force: true })
      removed += 1
    }
    return removed
  }

  return {
    find: async (name) => {
      const path = pathOf(name)
      const found = await stat(path).catch(() => undefined)
      if (found === undefined) return null
      const now = new Date()
      if (now.getTime() - found.mtimeMs > TOUCH_MS) await utimes(path, now, now).catch(() => undefined)
      return path
    },
    add: async (name, write) => {
      const temporary = await newTemporaryPath(temporaryDir)
      const path = pathOf(name)
      try {
        await write(temporary)
        addedBytes += (await stat(temporary)).size
        await mkdir(dirname(path), { recursive: true })
        await rename(temporary, path)
      } finally {
        await rm(temporary, { force: true })
      }
      if (addedBytes > SWEEP_SHARE * maxBytes) await sweep()
      return path
    },
    sweep,
  }
}

type KeptFile = { readonly path: string; readonly size: number; readonly usedMs: number }

async function listFiles(folder: string): Promise<KeptFile[]> {
  const files: KeptFile[] = []
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const { name } of entries.filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name)))
    for (const file of await readdir(join(folder, name)).catch(() => [])) {
      const path = join(folder, name, file)
      const found = await stat(path).catch(() => undefined)
      if (found?.isFile()) files.push({ path, size: found.size, usedMs: found.mtimeMs })
    }
  return files
}
