import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createKnownFiles, type FileLine, type FileState } from '../files/known-files.ts'
import { openLineLog } from '../files/line-log.ts'
import type { Target } from '../intake/file-job.ts'

/** What became of a content. */
export type Outcome = {
  readonly state: 'submitted' | 'done' | 'failed'
  readonly jobId: string
  readonly bucket: string
  readonly object: string
  /** Whether the file was copied to the object. */
  readonly wasSent: boolean
  /** The stored video; null before the job has ended, and for searches. */
  readonly videoId: string | null
}

type OutcomeLine = { readonly of: string; readonly outcome: Outcome | null }
type GoneLine = { readonly gone: string }
type Line = FileLine | OutcomeLine | GoneLine

/** What a watch knows of its folder, kept between runs. */
export type WatchState = {
  contentOf(file: FileState): string | null
  /** The files that had this content when they were read. */
  pathsOf(content: string): readonly string[]
  paths(): readonly string[]
  outcomeOf(content: string): Outcome | null
  /** The content of a path as it was read last; null if it was not. */
  lastContentOf(path: string): string | null
  addFile(file: FileState, content: string): Promise<void>
  removeFile(path: string): Promise<void>
  /** Null forgets it, so that the content is taken again. */
  addOutcome(content: string, outcome: Outcome | null): Promise<void>
  close(): Promise<void>
}

/** Opens the state of a folder that is watched for a target, below DATA_DIR. */
export async function openWatchState(
  dataDir: string,
  { folder, target }: { readonly folder: string; readonly target: Target },
): Promise<WatchState> {
  const { dnaDbId, ruleType, bucket, prefix } = target
  const key = JSON.stringify([folder, dnaDbId, ruleType, bucket, prefix])
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32)
  const dir = join(dataDir, 'watch')
  await mkdir(dir, { recursive: true })
  const files = createKnownFiles()
  const outcomes = new Map<string, Outcome>()
  const contents = new Map<string, string>()
  const paths = new Map<string, Set<string>>()
  const forget = (path: string): void => {
    paths.get(contents.get(path) ?? '')?.delete(path)
    contents.delete(path)
    files.forget(path)
  }
  const remember = (line: Line): void => {
    if ('file' in line) {
      const { file, content } = line
      forget(file)
      contents.set(file, content)
      paths.set(content, (paths.get(content) ?? new Set()).add(file))
      files.remember(line)
    } else if ('gone' in line) forget(line.gone)
    else if (line.outcome === null) outcomes.delete(line.of)
    else outcomes.set(line.of, line.outcome)
  }
  const log = await openLineLog<Line>(join(dir, `${name}.jsonl`), {
    parse: parseLine,
    remember,
    current: () => [...files.lines(), ...[...outcomes].map(([of, outcome]) => ({ of, outcome }))],
  })
  const add = async (line: Line): Promise<void> => {
    remember(line)
    await log.append(line)
  }
  return {
    contentOf: files.contentOf,
    pathsOf: (content) => [...(paths.get(content) ?? [])],
    paths: () => [...contents.keys()],
    outcomeOf: (content) => outcomes.get(content) ?? null,
    lastContentOf: (path) => contents.get(resolve(path)) ?? null,
    addFile: (file, content) => add(files.lineOf(file, content)),
    removeFile: (path) => add({ gone: resolve(path) }),
    addOutcome: (content, outcome) => add({ of: content, outcome }),
    close: log.close,
  }
}

function parseLine(line: unknown): Line | null {
  const isLine =
    typeof line === 'object' && line !== null && ('file' in line || 'gone' in line || 'of' in line)
  return isLine ? (line as Line) : null
}
