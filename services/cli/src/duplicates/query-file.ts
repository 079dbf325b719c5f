import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { SearchQuery } from '@kinoprint/engine'

/**
 * The queries of contents that are not searched yet, one file each: a file is decoded once, and everything is stored
 * before the first search. They also survive an interruption.
 */
export type QueryFiles = {
  write(content: string, query: SearchQuery): Promise<void>
  /** Null if there is none, or it cannot be read. */
  read(content: string): Promise<SearchQuery | null>
  remove(content: string): Promise<void>
}

export function queryFiles(folder: string): QueryFiles {
  const pathOf = (content: string): string => join(folder, `${content}.query`)
  return {
    write: async (content, query) => {
      await mkdir(folder, { recursive: true })
      const draft = `${pathOf(content)}.part`
      await writeFile(draft, serialize(withoutSharedMemory(query)))
      await rename(draft, pathOf(content))
    },
    read: async (content) => {
      try {
        return deserialize(await readFile(pathOf(content))) as SearchQuery
      } catch {
        return null
      }
    },
    remove: (content) => rm(pathOf(content), { force: true }),
  }
}

/** A copy whose arrays can be serialized: shared memory cannot. */
function withoutSharedMemory(value: unknown): unknown {
  if (value instanceof Uint8Array || value instanceof Uint32Array || value instanceof Uint16Array)
    return value.slice()
  if (ArrayBuffer.isView(value)) return structuredClone(value)
  if (Array.isArray(value)) return value.map(withoutSharedMemory)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSharedMemory(one)]))
}
