import { type FingerprintedFile, fingerprintFile } from '@kinoprint/engine'
import { compareText } from '../compare/compare-text.ts'
import { startReading } from '../compare/reading-progress.ts'
import { namedFault } from '../file-fault.ts'
import { type LocalWork, loadLocalSettings, openLocalWork } from '../local-work.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'

export type CompareOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly a: string
  readonly b: string
  readonly json: boolean
}

/** Columns used by the letters and bars around the drawing. */
const FRAME_COLUMNS = 6
const COLUMNS_MAX = 100
/** Width assumed for a terminal that does not report one. */
const DEFAULT_COLUMNS = 80

async function read(
  work: LocalWork,
  path: string,
  options: { signal: AbortSignal; report: (fraction: number) => void },
): Promise<FingerprintedFile> {
  try {
    const { signal } = options
    const onProgress = (_stage: string, fraction: number): void => options.report(fraction)
    const fingerprint = await fingerprintFile(work, path, { signal, onProgress })
    options.report(1)
    return fingerprint
  } catch (error) {
    throw namedFault(path, error)
  }
}

/** Prints the segments that two files share. Returns the exit code: 0, or 130 if interrupted. */
export async function compare(options: CompareOptions): Promise<number> {
  const work = await openLocalWork(loadLocalSettings(options.environment))
  try {
    return await untilInterrupted(async (signal) => {
      try {
        process.stdout.write(`${await compareFiles(work, options, signal)}\n`)
        return 0
      } catch (error) {
        if (!signal.aborted) throw error
        process.stderr.write('Interrupted.\n')
        return INTERRUPTED
      }
    })
  } finally {
    await work.pool.close()
  }
}

async function compareFiles(
  work: LocalWork,
  { a, b, json }: CompareOptions,
  signal: AbortSignal,
): Promise<string> {
  const reading = startReading([a, b])
  const part = (index: number) => (fraction: number) => reading.report(index, fraction)
  const [query, ref] = await Promise.all([
    read(work, a, { signal, report: part(0) }),
    read(work, b, { signal, report: part(1) }),
  ]).finally(reading.end)
  for (const [path, { notes }] of [
    [a, query],
    [b, ref],
  ] as const)
    for (const note of notes) process.stderr.write(`${path}: ${note}\n`)
  const fingerprints = { a: query.fingerprint, b: ref.fingerprint }
  const match = await work.pool.run('compare', fingerprints, { signal })
  if (json) return JSON.stringify(match, null, 2)
  const columns = process.stdout.isTTY
    ? Math.max(10, Math.min(COLUMNS_MAX, (process.stdout.columns || DEFAULT_COLUMNS) - FRAME_COLUMNS))
    : null
  const seconds = { a: query.facts.durationSeconds, b: ref.facts.durationSeconds }
  const hasAudio = { a: query.facts.hasAudio, b: ref.facts.hasAudio }
  return compareText(match, { seconds, hasAudio, columns })
}
