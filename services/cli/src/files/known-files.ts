import type { Stats } from 'node:fs'
import { resolve } from 'node:path'

/** What is remembered of a file on disk. It stands for the same bytes as long as all of it is the same. */
export type FileLine = { readonly file: string; readonly stamp: string; readonly content: string }

export type FileState = {
  readonly path: string
  readonly stats: Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs'>
}

/** The contents of files that have been read, by path and by stamp. */
export type KnownFiles = {
  /** The content of a file that has not changed, also if it was renamed; null if it must be read. */
  contentOf(file: FileState): string | null
  lineOf(file: FileState, content: string): FileLine
  remember(line: FileLine): void
  forget(path: string): void
  lines(): readonly FileLine[]
}

export function createKnownFiles(): KnownFiles {
  const byPath = new Map<string, FileLine>()
  const byStamp = new Map<string, FileLine>()
  return {
    contentOf: ({ path, stats }) => {
      const stamp = stampOf(stats)
      const own = byPath.get(resolve(path))
      return own?.stamp === stamp ? own.content : (byStamp.get(stamp)?.content ?? null)
    },
    lineOf: ({ path, stats }, content) => ({ file: resolve(path), stamp: stampOf(stats), content }),
    remember: (line) => {
      byPath.set(line.file, line)
      byStamp.set(line.stamp, line)
    },
    forget: (path) => void byPath.delete(resolve(path)),
    lines: () => [...byPath.values()],
  }
}

/** Device, number, size, and time of change: a renamed file keeps all of them. */
function stampOf({ dev, ino, size, mtimeMs }: FileState['stats']): string {
  return [dev, ino, size, mtimeMs].join(':')
}
