import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { FORMAT_VERSION } from '@kinoprint/dna'
import type { ContentMatch, VideoFacts } from '@kinoprint/engine'
import { createKnownFiles, type FileLine, type KnownFiles } from '../files/known-files.ts'
import { type LineLog, openLineLog } from '../files/line-log.ts'
import type { FoundFile } from './collect-files.ts'

/** Increases when cached lines or the results of a search change their meaning. */
const CACHE_VERSION = 1

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
  const known: Known = {
    files: createKnownFiles(),
    ...{ facts: new Map(), searches: new Map(), failures: new Map() },
  }
  const log = await openLineLog<Line>(join(versioned, 'results.jsonl'), {
    parse: parseLine,
    remember: (line) => remember(known, line),
    current: () => linesOf(known),
  })
  return { databaseDir: join(versioned, 'database'), ...access(known, log), close: log.close }
}

type Known = {
  readonly files: KnownFiles
  readonly facts: Map<string, VideoFacts>
  readonly searches: Map<string, readonly ContentMatch[]>
  readonly failures: Map<string, string>
}

function access(known: Known, log: LineLog<Line>): Omit<DuplicatesCache, 'close' | 'databaseDir'> {
  const { files, facts, searches, failures } = known
  const add = async (line: Line): Promise<void> => {
    remember(known, line)
    await log.append(line)
  }
  return {
    contentOf: files.contentOf,
    factsOf: (content) => facts.get(content),
    matchesOf: (content) => searches.get(content),
    failureOf: (content) => failures.get(content),
    addFile: (file, content) => add(files.lineOf(file, content)),
    addFacts: (content, one) => add({ facts: one, of: content }),
    addSearch: (content, matches) => add({ searched: content, matches }),
    addFailure: (content, message) => add({ failed: content, message }),
  }
}

function remember({ files, facts, searches, failures }: Known, line: Line): void {
  if ('file' in line) files.remember(line)
  else if ('facts' in line) facts.set(line.of, line.facts)
  else if ('failed' in line) failures.set(line.failed, line.message)
  else searches.set(line.searched, line.matches)
}

function parseLine(line: unknown): Line | null {
  const isLine = typeof line === 'object' && line !== null
  return isLine && ('file' in line || 'facts' in line || 'searched' in line || 'failed' in line)
    ? (line as Line)
    : null
}

function linesOf({ files, facts, searches, failures }: Known): Line[] {
  return [
    ...files.lines(),
    ...[...facts].map(([of, one]) => ({ facts: one, of })),
    ...[...searches].map(([searched, matches]) => ({ searched, matches })),
    ...[...failures].map(([failed, message]) => ({ failed, message })),
  ]
}
