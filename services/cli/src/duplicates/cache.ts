import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { errorCode } from '@kinoprint/core'
import { FORMAT_VERSION } from '@kinoprint/dna'
import type { ContentMatch, VideoFacts } from '@kinoprint/engine'
import type { FoundFile } from './collect-files.ts'

/** Increases when cached lines or the results of a search change their meaning. */
const CACHE_VERSION = 1

/** What is remembered of a file on disk. It stands for the same bytes as long as all of it is the same. */
type FileLine = { readonly file: string; readonly stamp: string; readonly content: string }
type FactsLine = { readonly facts: VideoFacts; readonly of: string }
type SearchLine = { readonly searched: string; readonly matches: readonly ContentMatch[] }
type FailureLine = { readonly failed: string; readonly message: string }
type Line = FileLine | FactsLine | SearchLine | FailureLine

export type DuplicatesCache = {
  /** Folder of the library of fingerprints. */
  readonly databaseDir: string
  /** The content of a file that has not changed, also if it was renamed; null if it must be read. */
  contentOf(file: FoundFile): string | null
  factsOf(content: string): VideoFacts | undefined
  /** What a search with the content found; undefined before it was searched. */
  matchesOf(content: string): readonly ContentMatch[] | undefined
  /** Why the content cannot be read; undefined if it was read, or was not tried. */
  failureOf(content: string): string | undefined
  addFile(file: FoundFile, content: string): Promise<void>
  addFacts(content: string, facts: VideoFacts): Promise<void>
  addSearch(content: string, matches: readonly ContentMatch[]): Promise<void>
  addFailure(content: string, message: string): Promise<void>
  close(): Promise<void>
}

/** Default folder of the cache: that of the user, as the XDG base directories name it. */
export function defaultCacheDir(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache')
  return join(base, 'kinoprint')
}

/**
 * Opens the cache of `duplicates` in a folder. Every result is appended to one file as soon as it is known, so an
 * interrupted run continues where it ended. A line that was cut off is ignored.
 */
export async function openCache(folder: string): Promise<DuplicatesCache> {
  const versioned = join(folder, `duplicates-${FORMAT_VERSION}.${CACHE_VERSION}`)
  await mkdir(versioned, { recursive: true })
  const path = join(versioned, 'results.jsonl')
  const known = await readKnown(path)
  const handle = await open(path, 'a')
  return { databaseDir: join(versioned, 'database'), ...access(known, handle), close: () => handle.close() }
}

type Known = {
  readonly byPath: Map<string, FileLine>
  readonly byStamp: Map<string, FileLine>
  readonly facts: Map<string, VideoFacts>
  readonly searches: Map<string, readonly ContentMatch[]>
  readonly failures: Map<string, string>
}

function access(
  { byPath, byStamp, facts, searches, failures }: Known,
  handle: FileHandle,
): Omit<DuplicatesCache, 'close' | 'databaseDir'> {
  const append = async (line: Line): Promise<void> => {
    await handle.appendFile(`${JSON.stringify(line)}\n`)
  }
  return {
    contentOf: ({ path, stats }) => {
      const stamp = stampOf(stats)
      const own = byPath.get(resolve(path))
      return own?.stamp === stamp ? own.content : (byStamp.get(stamp)?.content ?? null)
    },
    factsOf: (content) => facts.get(content),
    matchesOf: (content) => searches.get(content),
    failureOf: (content) => failures.get(content),
    addFile: async ({ path, stats }, content) => {
      const line = { file: resolve(path), stamp: stampOf(stats), content }
      byPath.set(line.file, line)
      byStamp.set(line.stamp, line)
      await append(line)
    },
    addFacts: async (content, one) => {
      facts.set(content, one)
      await append({ facts: one, of: content })
    },
    addSearch: async (content, matches) => {
      searches.set(content, matches)
      await append({ searched: content, matches })
    },
    addFailure: async (content, message) => {
      failures.set(content, message)
      await append({ failed: content, message })
    },
  }
}

/** Device, number, size, and time of change: a renamed file keeps all of them. */
function stampOf({ dev, ino, size, mtimeMs }: FoundFile['stats']): string {
  return [dev, ino, size, mtimeMs].join(':')
}

async function readKnown(path: string): Promise<Known> {
  const known: Known = {
    ...{ byPath: new Map(), byStamp: new Map() },
    ...{ facts: new Map(), searches: new Map(), failures: new Map() },
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').filter((line) => line !== '')
  for (const line of lines) remember(known, parseLine(line))
  const { byPath, facts, searches, failures } = known
  const count = byPath.size + facts.size + searches.size + failures.size
  // Outdated lines, and one that was cut off, are left behind.
  if (lines.length !== count || (text !== '' && !text.endsWith('\n'))) await rewrite(path, known)
  return known
}

function remember({ byPath, byStamp, facts, searches, failures }: Known, line: Line | null): void {
  if (line === null) return
  if ('file' in line) {
    byPath.set(line.file, line)
    byStamp.set(line.stamp, line)
  } else if ('facts' in line) facts.set(line.of, line.facts)
  else if ('failed' in line) failures.set(line.failed, line.message)
  else searches.set(line.searched, line.matches)
}

function parseLine(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text)
    const isLine = typeof line === 'object' && line !== null
    return isLine && ('file' in line || 'facts' in line || 'searched' in line || 'failed' in line)
      ? (line as Line)
      : null
  } catch {
    return null
  }
}

async function rewrite(path: string, { byPath, facts, searches, failures }: Known): Promise<void> {
  const lines: Line[] = [
    ...byPath.values(),
    ...[...facts].map(([of, one]) => ({ facts: one, of })),
    ...[...searches].map(([searched, matches]) => ({ searched, matches })),
    ...[...failures].map(([failed, message]) => ({ failed, message })),
  ]
  const draft = `${path}.part`
  try {
    await writeFile(draft, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}
