import { Fault, mediaKindOf } from '@kinoprint/core'
import { type Tracks, withTracks } from '@kinoprint/dna'
import { type FingerprintedFile, fingerprintFile, refineComparedStill } from '@kinoprint/engine'
import { compareRows } from '../compare/compare-rows.ts'
import { compareText } from '../compare/compare-text.ts'
import { type Compared, verdictOf } from '../compare/verdict.ts'
import { printFailure } from '../failure.ts'
import { namedFault, systemFault } from '../file-fault.ts'
import { type LocalWork, loadLocalSettings, openLocalWork } from '../local-work.ts'
import { type Output, openOutput, STDOUT } from '../output/open-output.ts'
import { type Progress, startProgress } from '../output/progress.ts'
import type { RowFormat } from '../output/row-format.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'

export type CompareOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly a: string
  readonly b: string
  readonly format: 'text' | RowFormat
  readonly out: string
  readonly tracks: Tracks
}

/** Exit codes, as docs/command-line.md lists them. A wrong option exits with 2. */
const NO_COPY = 1
const UNREADABLE = 3
const FAILED = 4

/** Columns used by the letters and bars around the drawing. */
const FRAME_COLUMNS = 6
const COLUMNS_MAX = 100
/** Width assumed for a terminal that does not report one. */
const DEFAULT_COLUMNS = 80

/** A file that cannot be read, as opposed to a failure of the comparison. */
class UnreadableFile extends Error {}

async function read(
  work: LocalWork,
  path: string,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<FingerprintedFile | UnreadableFile> {
  try {
    const onProgress = (_stage: string, fraction: number): void => progress.report(path, fraction)
    const file = await fingerprintFile(work, path, { signal, onProgress })
    progress.step(path, file.notes)
    return file
  } catch (error) {
    const failure = namedFault(path, systemFault(error))
    if (signal.aborted || !(failure instanceof Fault)) throw failure
    progress.skip(path, `Cannot read ${failure.message}`)
    return new UnreadableFile()
  }
}

/**
 * Prints the segments that two files share. Returns the exit code: 0 for a copy, 1 if there is nothing to report, 3 if a
 * file cannot be read, 4 after another failure, 130 if interrupted.
 */
export async function compare(options: CompareOptions): Promise<number> {
  const output = await openOutput(options.out)
  try {
    const work = await openLocalWork(loadLocalSettings(options.environment))
    try {
      return await untilInterrupted((signal) => compareFiles(work, { ...options, output, signal }))
    } finally {
      await work.pool.close()
    }
  } catch (error) {
    // 1 would mean that the files share nothing.
    printFailure(error)
    return FAILED
  } finally {
    await output.close()
  }
}

type Comparison = CompareOptions & { readonly output: Output; readonly signal: AbortSignal }

async function compareFiles(work: LocalWork, comparison: Comparison): Promise<number> {
  const { a, b, tracks, output, signal } = comparison
  const progress = startProgress('reading', { total: 2 })
  try {
    const files = await Promise.all([a, b].map((path) => read(work, path, { signal, progress })))
    progress.end()
    const [query, ref] = files
    if (!isRead(query) || !isRead(ref)) return UNREADABLE
    const fingerprints = { a: withTracks(query.fingerprint, tracks), b: withTracks(ref.fingerprint, tracks) }
    const stored = await work.pool.run('compare', fingerprints, { signal })
    const { match } = await refineComparedStill(
      work,
      {
        a: { open: (use) => use(a), fingerprint: fingerprints.a },
        b: { open: (use) => use(b), fingerprint: fingerprints.b },
        match: stored,
      },
      { signal },
    )
    const seconds = { a: query.facts.durationSeconds, b: ref.facts.durationSeconds }
    const hasAudio = { a: query.facts.hasAudio, b: ref.facts.hasAudio }
    const kinds = { a: mediaKindOf(query.facts), b: mediaKindOf(ref.facts) }
    await output.write(textOf(match, { ...comparison, seconds, hasAudio, kinds }))
    return match.accepted ? 0 : NO_COPY
  } catch (error) {
    progress.end()
    if (!signal.aborted) throw error
    process.stderr.write('Interrupted.\n')
    return INTERRUPTED
  }
}

function isRead(file: FingerprintedFile | UnreadableFile | undefined): file is FingerprintedFile {
  return file !== undefined && !(file instanceof UnreadableFile)
}

type Facts = Omit<Compared, 'tracks'> & { readonly seconds: { a: number; b: number } }

function textOf(
  match: Parameters<typeof compareText>[0],
  { a, b, format, out, tracks, seconds, ...compared }: CompareOptions & Facts,
): string {
  if (format !== 'text')
    return compareRows(match, {
      a: { name: a, durationSeconds: seconds.a },
      b: { name: b, durationSeconds: seconds.b },
      verdict: verdictOf(match, { ...compared, tracks }),
      format,
    })
  const columns =
    process.stdout.isTTY && out === STDOUT
      ? Math.max(10, Math.min(COLUMNS_MAX, (process.stdout.columns || DEFAULT_COLUMNS) - FRAME_COLUMNS))
      : null
  return `${compareText(match, { seconds, ...compared, tracks, columns })}\n`
}
