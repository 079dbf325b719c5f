import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compareBytes, sliceOf, sortPrefixes, tooManyObjects } from '../list-options.ts'
import { checkObjectName } from '../names.ts'
import type { ListOptions, ObjectItem, ObjectList } from '../object-store.ts'
import { isReserved, isWithin } from './bucket-path.ts'
import type { EtagCache } from './etag-cache.ts'

/** Maximum number of names in memory at once, about 100 bytes each. */
const MAX_OBJECTS = 1_000_000

/** Lists the objects of a bucket whose names start with the prefix. A missing bucket counts as empty. */
export async function listFolder(dir: string, etags: EtagCache, options: ListOptions): Promise<ObjectList> {
  const { prefix, from, to } = sliceOf(options)
  const root = await realpath(dir).catch(() => undefined)
  if (root === undefined) return { items: [], total: 0, prefixes: [] }
  const objects: string[] = []
  const prefixes: string[] = []
  const isFlat = options.delimiter !== undefined
  await collect({ root, prefix, objects, prefixes, isFlat }, '')
  const { after } = options
  const wanted = after === undefined ? objects : objects.filter((object) => compareBytes(object, after) > 0)
  wanted.sort(compareBytes)
  const items: ObjectItem[] = []
  for (const object of wanted.slice(from, to)) {
    const item = await describe(root, object, etags)
    if (item !== undefined) items.push(item)
  }
  return { items, total: wanted.length, prefixes: sortPrefixes(prefixes) }
}

type Walk = {
  readonly root: string
  readonly prefix: string
  readonly objects: string[]
  readonly prefixes: string[]
  /** Whether folders that begin with the prefix are listed instead of walked. */
  readonly isFlat: boolean
}

async function collect(walk: Walk, folder: string): Promise<void> {
  const entries = await readdir(join(walk.root, folder), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const object = folder + entry.name
    if (isReserved(object)) continue
    if (entry.isDirectory()) {
      const inside = `${object}/`
      // The folder that the prefix itself names is walked.
      if (walk.isFlat && inside.startsWith(walk.prefix) && inside !== walk.prefix) walk.prefixes.push(inside)
      else if (inside.startsWith(walk.prefix) || walk.prefix.startsWith(inside)) await collect(walk, inside)
    } else if (
      object.startsWith(walk.prefix) &&
      isObjectName(object) &&
      (await isObject(walk.root, object, entry))
    ) {
      walk.objects.push(object)
      if (walk.objects.length > MAX_OBJECTS) throw tooManyObjects(MAX_OBJECTS)
    }
  }
}

/** Links to files inside the bucket are objects. Links to folders are not followed, because they may form a cycle. */
async function isObject(root: string, object: string, entry: Dirent): Promise<boolean> {
  if (entry.isFile()) return true
  if (!entry.isSymbolicLink()) return false
  try {
    const path = await realpath(join(root, object))
    return isWithin(root, path) && (await stat(path)).isFile()
  } catch {
    return false
  }
}

function isObjectName(object: string): boolean {
  try {
    checkObjectName(object)
    return true
  } catch {
    return false
  }
}

/** Undefined if the file has just been removed. Includes the ETag only if it is cached. */
async function describe(root: string, object: string, etags: EtagCache): Promise<ObjectItem | undefined> {
  try {
    const path = await realpath(join(root, object))
    const stats = await stat(path, { bigint: true })
    const lastModified = new Date(Number(stats.mtimeMs))
    return { object, size: Number(stats.size), etag: etags.peek(path, stats), lastModified }
  } catch {
    return undefined
  }
}
